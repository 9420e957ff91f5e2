using Chat.Domain.Limits;
using Chat.Storage.Calls;

namespace Chat.Domain.Calls;

/// <summary>A participant's sign of life; without it, its node dead or itself, it leaves the call after a while.</summary>
public sealed class KeepCall(CallReader reader, CallOptions options, RequestLimits limits)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, long callId, Guid endpointId, CancellationToken ct)
    {
        if (CallFailures.JudgeEndpoint(endpointId) is { } wrong) return wrong;
        if (limits.JudgeCallSignal(caller) is { } limited) return limited;

        CallPlace place = new(caller.PrincipalId, caller.DeviceId, endpointId);
        return await reader.KeepAsync(callId, place, options.Lease, ct) ? Done.Value : CallFailures.NotFound(callId);
    }
}

using Chat.Domain.Limits;
using Chat.Storage.Calls;

namespace Chat.Domain.Calls;

/// <summary>Answers, declines and ends calls. Each may be asked again without harm; of two that come at once one comes first.</summary>
public sealed class ChangeCall(CallStore store, CallReader reader, CallOptions options, RequestLimits limits)
{
    /// <summary>Takes part from here. The first place of a person that answers is the one.</summary>
    /// <param name="caller">Who, and on which device.</param>
    /// <param name="callId">The call.</param>
    /// <param name="endpointId">The place on the device that takes part; made by the client, random.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Result<CallRow>> AnswerAsync(Caller caller, long callId, Guid endpointId, CancellationToken ct)
    {
        if (CallFailures.JudgeEndpoint(endpointId) is { } wrong) return Task.FromResult<Result<CallRow>>(wrong);
        CallPlace place = new(caller.PrincipalId, caller.DeviceId, endpointId);
        return ExecuteAsync(caller, callId, () => store.AnswerAsync(callId, place, options.Bounds, ct), ct);
    }

    /// <summary>Says no, on all of the caller's devices.</summary>
    public Task<Result<CallRow>> DeclineAsync(Caller caller, long callId, CancellationToken ct) =>
        ExecuteAsync(caller, callId, () => store.DeclineAsync(callId, caller.PrincipalId, ct), ct);

    /// <summary>Hangs up, cancels what still rings, or declines.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="callId">The call.</param>
    /// <param name="endpointId">The place that hangs up, so that a request that comes late ends nothing elsewhere; null for any.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Result<CallRow>> EndAsync(Caller caller, long callId, Guid? endpointId, CancellationToken ct) =>
        endpointId is { } place && CallFailures.JudgeEndpoint(place) is { } wrong
            ? Task.FromResult<Result<CallRow>>(wrong)
            : ExecuteAsync(caller, callId, () => store.EndAsync(callId, caller.PrincipalId, endpointId, ct), ct);

    private async Task<Result<CallRow>> ExecuteAsync(Caller caller, long callId, Func<Task<CallStatus>> change, CancellationToken ct)
    {
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        CallStatus status = await change();
        if (status != CallStatus.Done) return CallFailures.From(status, callId, 0);
        return await reader.FindAsync(callId, caller.PrincipalId, ct) is { } call ? call : CallFailures.NotFound(callId);
    }
}

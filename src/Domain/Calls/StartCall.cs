using Chat.Domain.Limits;
using Chat.Storage.Calls;

namespace Chat.Domain.Calls;

/// <summary>
/// Calls everybody else in a direct chat or a small group; where somebody calls there already, answers that call. Asked again
/// with the same endpoint it is the same call, whatever became of it.
/// </summary>
public sealed class StartCall(CallStore store, CallReader reader, CallOptions options, RequestLimits limits)
{
    /// <param name="caller">Who calls, and on which device.</param>
    /// <param name="chatId">Where.</param>
    /// <param name="kind">One of <see cref="CallKinds"/>.</param>
    /// <param name="endpointId">The place on the device that takes part; made by the client, random.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<Result<CallRow>> ExecuteAsync(Caller caller, long chatId, short kind, Guid endpointId, CancellationToken ct)
    {
        if (kind is not (CallKinds.Voice or CallKinds.Video)) return Failures.Invalid("kind", $"kind is {kind}: send voice or video.");
        if (CallFailures.JudgeEndpoint(endpointId) is { } wrong) return wrong;
        if (limits.JudgeCall(caller) is { } limited) return limited;

        CallPlace place = new(caller.PrincipalId, caller.DeviceId, endpointId);
        CallOutcome outcome = await store.StartAsync(chatId, kind, place, options.Bounds, ct);
        if (outcome.Status != CallStatus.Done) return CallFailures.From(outcome.Status, 0, chatId);
        return await reader.FindAsync(outcome.CallId, caller.PrincipalId, ct) is { } call ? call : CallFailures.NotFound(outcome.CallId);
    }
}

using Chat.Domain.Limits;
using Chat.Storage.Statuses;

namespace Chat.Domain.Statuses;

/// <summary>Takes one of the caller's statuses back, and its file with it. Twice is no failure.</summary>
public sealed class DeleteStatus(StatusStore store, RequestLimits limits, StatusAnnouncer announcer)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, long id, CancellationToken ct)
    {
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        (StatusOutcome outcome, bool isNew) = await store.DeleteAsync(caller.PrincipalId, id, ct);
        if (outcome != StatusOutcome.Done) return StatusFailures.NotFound("id");

        if (isNew) announcer.Announce(caller.PrincipalId, id);
        return Done.Value;
    }
}

using Chat.Domain.Limits;
using Chat.Domain.Media;
using Chat.Storage.Scheduled;

namespace Chat.Domain.Scheduled;

/// <summary>Takes one of the caller's scheduled messages back, as long as nobody sends it. Twice is no failure.</summary>
public sealed class CancelScheduled(ScheduledStore store, RequestLimits limits, MediaOptions media)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, long id, CancellationToken ct)
    {
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        ScheduledAnswer answer = await store.CancelAsync(caller.PrincipalId, id, media.UploadLifetime, ct);
        return answer.Status == ScheduledStatus.Done ? Done.Value : ScheduledFailures.From(answer, 0, limits.Settings.OpenScheduled);
    }
}

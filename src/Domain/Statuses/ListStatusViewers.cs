using Chat.Domain.Limits;
using Chat.Storage.Statuses;

namespace Chat.Domain.Statuses;

/// <summary>
/// Pages who has looked at one of the caller's statuses, the last one first. Who has read receipts off is not among them, and sees none
/// nor is who has blocked the other.
/// </summary>
public sealed class ListStatusViewers(StatusViewStore views, RequestLimits limits)
{
    public async Task<Result<StatusViewerPage>> ExecuteAsync(Caller caller, long id, string? cursor, int? limit, CancellationToken ct)
    {
        int count = limit ?? StatusRules.DefaultPage;
        if (count is < 1 or > StatusRules.MaxPage) return Failures.PageLimit(count, StatusRules.MaxPage);
        (long, long)? after = null;
        if (!string.IsNullOrEmpty(cursor))
        {
            if (!TimedCursor.TryRead(cursor, out long viewedAtMs, out long viewerId)) return Failures.UnknownCursor();
            after = (viewedAtMs, viewerId);
        }

        if (limits.JudgeHistory(caller, isCatchingUp: false) is { } limited) return limited;
        if (await views.ListAsync(id, caller.PrincipalId, after, count + 1, ct) is not { } found) return StatusFailures.NotFound("id");
        if (found.Viewers.Count <= count) return new StatusViewerPage(found.Viewers, found.Total, null);
        StatusViewerRow last = found.Viewers[count - 1];
        return new StatusViewerPage(
            [.. found.Viewers.Take(count)], found.Total, TimedCursor.Write(last.ViewedAtMs, last.ViewerId));
    }
}

/// <param name="Total">All that are shown, not of this page alone.</param>
/// <param name="NextCursor">What to send for the next page; null on the last one.</param>
public sealed record StatusViewerPage(IReadOnlyList<StatusViewerRow> Viewers, long Total, string? NextCursor);

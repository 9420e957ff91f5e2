using Chat.Domain.Limits;
using Chat.Storage.Scheduled;

namespace Chat.Domain.Scheduled;

/// <summary>
/// Pages the caller's messages that wait, are being sent or failed, by due time. A page counts as one of older history, and gives way with
/// it.
/// </summary>
public sealed class ListScheduled(ScheduledStore store, RequestLimits limits)
{
    /// <param name="chatId">Null for all chats. Of a chat that the caller is not in there are those that failed since.</param>
    public async Task<Result<ScheduledPage>> ExecuteAsync(Caller caller, long? chatId, string? cursor, int? limit, CancellationToken ct)
    {
        int count = limit ?? ScheduledRules.DefaultPage;
        if (count is < 1 or > ScheduledRules.MaxPage) return Failures.PageLimit(count, ScheduledRules.MaxPage);
        (long DueAtMs, long Id) after = default;
        if (!string.IsNullOrEmpty(cursor) && !TimedCursor.TryRead(cursor, out after.DueAtMs, out after.Id)) return Failures.UnknownCursor();

        if (limits.JudgeHistory(caller, isCatchingUp: false) is { } limited) return limited;
        IReadOnlyList<ScheduledRow> found = await store.ListAsync(caller.PrincipalId, chatId, after, count + 1, ct);
        ScheduledMessage[] page = [.. found.Take(count).Select(ScheduledMessage.From)];
        return new ScheduledPage(page, found.Count > count ? TimedCursor.Write(page[^1].DueAtMs, page[^1].Id) : null);
    }
}

/// <param name="NextCursor">What to send for the next page; null on the last one.</param>
public sealed record ScheduledPage(IReadOnlyList<ScheduledMessage> Messages, string? NextCursor);

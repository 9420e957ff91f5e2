using Chat.Domain.Limits;
using Chat.Storage.Notices;

namespace Chat.Domain.Notices;

/// <summary>
/// Pages what happened to the caller in the last 30 days, the newest first, and counts what of it is not read. Either counts as a page of older
/// history, and gives way with it.
/// </summary>
public sealed class ListNotices(NoticeStore notices, RequestLimits limits)
{
    /// <summary>Notices of a page, and those that are counted, at most.</summary>
    public const int MaxLimit = 100;

    private const int DefaultLimit = 50;

    /// <summary>Pages that a count looks at: of each nothing may be left to be shown.</summary>
    private const int MaxPagesCounted = 5;

    /// <param name="cursor">Null for the first page.</param>
    public async Task<Result<NoticeList>> ExecuteAsync(Caller caller, string? cursor, int? limit, CancellationToken ct)
    {
        int count = limit ?? DefaultLimit;
        if (count is < 1 or > MaxLimit) return Failures.PageLimit(count, MaxLimit);
        IReadOnlyList<NoticeKey> after = NoticeStore.Beginning;
        if (!string.IsNullOrEmpty(cursor) && !NoticeCursor.TryRead(cursor, out after)) return Failures.UnknownCursor();

        if (limits.JudgeHistory(caller, isCatchingUp: false) is { } limited) return limited;
        if (await notices.ListAsync(caller.PrincipalId, after, count, ct) is not { } page) return Failures.AccountIsGone();
        Notice[] shown = [.. page.Rows.Select(row => Notice.From(row, page.ReadUpToMs))];
        return new NoticeList(shown, page.Next is { } next ? NoticeCursor.Write(next) : null, page.ReadUpToMs);
    }

    /// <summary>How many are not read, of the newest hundred.</summary>
    public async Task<Result<UnreadNotices>> CountAsync(Caller caller, CancellationToken ct)
    {
        if (limits.JudgeHistory(caller, isCatchingUp: false) is { } limited) return limited;
        IReadOnlyList<NoticeKey> after = NoticeStore.Beginning;
        (int shown, int unread) = (0, 0);
        for (int pages = 1; ; pages++)
        {
            if (await notices.ListAsync(caller.PrincipalId, after, MaxLimit, ct) is not { } page) return Failures.AccountIsGone();
            int read = page.Rows.Count(row => row.AtMs <= page.ReadUpToMs);
            shown += page.Rows.Count;
            unread += page.Rows.Count - read;
            if (page.Next is not { } next || read > 0 || shown >= MaxLimit || pages == MaxPagesCounted)
                return new UnreadNotices(Math.Min(unread, MaxLimit), page.ReadUpToMs);
            after = next;
        }
    }
}

/// <summary>A page of notices. It may hold fewer than asked for although there is a next one.</summary>
/// <param name="NextCursor">What to send for the next page; null on the last one.</param>
/// <param name="ReadUpToMs">What happened up to then is read, Unix milliseconds.</param>
public sealed record NoticeList(IReadOnlyList<Notice> Notices, string? NextCursor, long ReadUpToMs);

/// <param name="Count">Of the newest hundred.</param>
/// <param name="ReadUpToMs">What happened up to then is read, Unix milliseconds.</param>
public sealed record UnreadNotices(int Count, long ReadUpToMs);

using System.Globalization;
using Chat.Domain.Limits;
using Chat.Storage.Statuses;

namespace Chat.Domain.Statuses;

/// <summary>
/// Pages who shows the caller something, the newest status first, and what one of them shows, in the order of posting. A page counts
/// as one of older history, and gives way with it.
/// </summary>
public sealed class ListStatuses(StatusReads reads, RequestLimits limits)
{
    /// <summary>The caller's own statuses are not among them.</summary>
    public async Task<Result<StatusAuthorPage>> ListAuthorsAsync(Caller caller, string? cursor, int? limit, CancellationToken ct)
    {
        if (Judge(caller, cursor, limit, long.MaxValue, out long before, out int count) is { } refused) return refused;

        IReadOnlyList<StatusAuthorRow> found = await reads.ListAuthorsAsync(caller.PrincipalId, before, count + 1, ct);
        return found.Count > count
            ? new StatusAuthorPage([.. found.Take(count)], Cursor(found[count - 1].NewestId))
            : new StatusAuthorPage(found, null);
    }

    /// <summary>Of somebody who shows the caller nothing, or is nobody, there is nothing. One's own are all that are not over.</summary>
    public async Task<Result<StatusPage>> ListOfAsync(Caller caller, long authorId, string? cursor, int? limit, CancellationToken ct)
    {
        if (Judge(caller, cursor, limit, 0, out long after, out int count) is { } refused) return refused;

        IReadOnlyList<StatusRow> found = await reads.ListOfAsync(authorId, caller.PrincipalId, after, count + 1, ct);
        return found.Count > count
            ? new StatusPage([.. found.Take(count)], Cursor(found[count - 1].Id))
            : new StatusPage(found, null);
    }

    private Failure? Judge(Caller caller, string? cursor, int? limit, long beginning, out long place, out int count)
    {
        (place, count) = (beginning, limit ?? StatusRules.DefaultPage);
        if (count is < 1 or > StatusRules.MaxPage) return Failures.PageLimit(count, StatusRules.MaxPage);
        if (!string.IsNullOrEmpty(cursor) && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out place))
            return Failures.UnknownCursor();
        return limits.JudgeHistory(caller, isCatchingUp: false);
    }

    private static string Cursor(long id) => id.ToString(CultureInfo.InvariantCulture);
}

/// <param name="NextCursor">What to send for the next page; null on the last one.</param>
public sealed record StatusAuthorPage(IReadOnlyList<StatusAuthorRow> Authors, string? NextCursor);

/// <param name="NextCursor">What to send for the next page; null on the last one.</param>
public sealed record StatusPage(IReadOnlyList<StatusRow> Statuses, string? NextCursor);

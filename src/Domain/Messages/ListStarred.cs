using System.Globalization;
using Chat.Storage;
using Chat.Storage.Messages;

namespace Chat.Domain.Messages;

/// <summary>Lists one's starred messages as they are now, the one starred last first.</summary>
public sealed class ListStarred(StarStore stars)
{
    public const int MaxLimit = 100;

    /// <param name="cursor">Null for the first page.</param>
    public async Task<Result<StarredPage>> ExecuteAsync(Caller caller, string? cursor, int? limit, CancellationToken ct)
    {
        int count = limit ?? MaxLimit;
        if (count is < 1 or > MaxLimit) return Failures.PageLimit(count, MaxLimit);
        long before = long.MaxValue;
        if (cursor is not null && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            return Failures.Invalid("cursor", "cursor is none of this list: send next_cursor of the page before, or nothing.");

        IReadOnlyList<(EventRow Message, long Place)> rows = await stars.ListAsync(caller.PrincipalId, before, count + 1, ct);
        string? next = rows.Count > count ? rows[count - 1].Place.ToString(CultureInfo.InvariantCulture) : null;
        return new StarredPage([.. rows.Take(count).Select(row => row.Message)], next);
    }
}

/// <summary>A page of starred messages.</summary>
public sealed record StarredPage(IReadOnlyList<EventRow> Messages, string? NextCursor);

using System.Globalization;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Messages;

namespace Chat.Domain.Chats;

/// <summary>
/// Pages what was shared in a chat, by what it is, the newest first: what one may see and neither deleted nor cleared. A page of it is
/// a page of older history for the rates, and gives way with it.
/// </summary>
public sealed class ListMedia(GalleryStore gallery, RequestLimits limits)
{
    public const int DefaultPage = 50;
    public const int MaxPage = 100;

    private static readonly ContentKind[] Pictures = [ContentKind.Image, ContentKind.Video];

    /// <param name="caller">Who looks.</param>
    /// <param name="chatId">The chat.</param>
    /// <param name="kinds">What is wanted; null or empty: images and videos.</param>
    /// <param name="cursor">The page before's; null for the first.</param>
    /// <param name="limit">Most messages.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Result<GalleryPage>> ExecuteAsync(
        Caller caller, long chatId, IReadOnlyList<ContentKind>? kinds, string? cursor, int? limit, CancellationToken ct)
    {
        int count = limit ?? DefaultPage;
        if (count is < 1 or > MaxPage) return Failures.PageLimit(count, MaxPage);
        long before = long.MaxValue;
        if (!string.IsNullOrEmpty(cursor)
            && (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before) || before == 0))
            return Failures.UnknownCursor();

        if (limits.JudgeHistory(caller, isCatchingUp: false) is { } limited) return limited;
        int[] wanted = [.. (kinds is { Count: > 0 } ? kinds : Pictures).Select(kind => (int)kind).Distinct()];
        IReadOnlyList<EventRow>? found = await gallery.ListAsync(chatId, caller.PrincipalId, wanted, before, count + 1, ct);
        if (found is null) return Failures.ChatNotFound(chatId);
        bool hasMore = found.Count > count;
        IReadOnlyList<EventRow> page = hasMore ? [.. found.Take(count)] : found;
        return new GalleryPage(page, hasMore ? page[^1].Sequence.ToString(CultureInfo.InvariantCulture) : null);
    }
}

/// <param name="NextCursor">What to send for the next page; null on the last one.</param>
public sealed record GalleryPage(IReadOnlyList<EventRow> Messages, string? NextCursor);

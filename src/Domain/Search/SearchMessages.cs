using Chat.Domain.Limits;
using Chat.Storage.Search;
using Npgsql;

namespace Chat.Domain.Search;

/// <summary>
/// Finds messages in all that the caller may see, or in one chat: as they are for the caller now, the newest or the best first. Whoever
/// is in very many chats gets an answer too: a page ends when its time is over, and its cursor goes on from there.
/// </summary>
public sealed class SearchMessages(SearchStore store, SearchGate gate, RequestLimits limits, TimeProvider time)
{
    public const int DefaultPage = 20;
    public const int MaxPage = 50;

    /// <summary>The best of so many of the newest matches come first, then those of the next.</summary>
    public const int RankedAtOnce = 200;

    /// <summary>Chats that are looked through together, the newest first among all of them.</summary>
    public const int ChatsAtOnce = 1_000;

    private const int FewestChats = 16;

    /// <summary>After this a page ends with what was found.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(1);

    public async Task<Result<FoundMessages>> ExecuteAsync(Caller caller, SearchWish wish, string? cursor, int? limit, CancellationToken ct)
    {
        int count = limit ?? DefaultPage;
        if (count is < 1 or > MaxPage) return Failures.PageLimit(count, MaxPage);
        if (!SearchCursor.TryRead(cursor, out SearchCursor? begin) || begin.Ranked is not null && !wish.IsRanked) return Failures.UnknownCursor();
        Result<SearchQuery> query = SearchQuery.Read(wish.Text);
        if (!query.IsOk) return query.Failure;
        if (wish.From >= wish.To) return Failures.Invalid("to", "to is not later than from: nothing lies between them.");
        SearchFilter filter = new(query.Value, wish);
        if (filter.Plan.IsEmpty)
            return Failures.Invalid("q", "q has no letter or digit: send a word, or a sender or kind to look for.");

        if (limits.JudgeSearch(caller) is { } limited) return limited;
        return await gate.RunAloneAsync(
            caller.PrincipalId, () => wish.IsRanked ? RankAsync(caller, wish, filter, begin, count, ct) : FindAsync(caller, wish, filter, begin, count, ct), ct);
    }

    /// <summary>
    /// The best of the newest matches behind the cursor's place. The same ones are found again for each page of them, so that nothing is kept between
    /// two requests.
    /// </summary>
    private async Task<Result<FoundMessages>> RankAsync(
        Caller caller, SearchWish wish, SearchFilter filter, SearchCursor begin, int count, CancellationToken ct)
    {
        Result<FoundMessages> newest = await FindAsync(caller, wish, filter, begin with { Ranked = null }, RankedAtOnce, ct);
        if (!newest.IsOk) return newest;
        List<FoundMessage> ranked =
        [
            .. newest.Value.Messages.OrderBy(found => new RankedPlace(found.Score, found.Place))
                .Where(found => begin.Ranked is not { } last || new RankedPlace(found.Score, found.Place).CompareTo(last) > 0),
        ];
        if (ranked.Count <= count) return new FoundMessages(ranked, newest.Value.NextCursor);
        FoundMessage lowest = ranked[count - 1];
        return new FoundMessages(ranked[..count], (begin with { Ranked = new RankedPlace(lowest.Score, lowest.Place) }).ToString());
    }

    private async Task<Result<FoundMessages>> FindAsync(
        Caller caller, SearchWish wish, SearchFilter filter, SearchCursor begin, int count, CancellationToken ct)
    {
        long started = time.GetTimestamp();
        List<FoundMessage> found = [];
        int chats = ChatsAtOnce;
        SearchCursor asked = begin;
        while (true)
        {
            if (await TryListAsync(caller.PrincipalId, wish.ChatId, begin, chats, ct) is not { } intervals) return EndEarly();
            if (intervals.Count == 0)
                return wish.ChatId is { } unknown ? Failures.ChatNotFound(unknown) : new FoundMessages(found, null);

            MessageMerge merge = new(store, filter, caller.PrincipalId);
            if (!await merge.TryBeginAsync(Within(intervals, filter), begin.After, () => IsOver(started), ct))
            {
                // What was looked through in other chats goes out; or else it is tried with fewer of them, unless the cursor says with which.
                if (begin != asked || chats <= FewestChats || wish.ChatId is not null || begin.FromChat is not null) return EndEarly();
                chats /= 4;
                started = time.GetTimestamp();
                continue;
            }

            SearchCursor settled = begin with { FromChat = wish.ChatId is null ? intervals[^1].ChatId : null };
            if (!await TryFindAsync(merge, found, count, started, ct)) return EndEarly();
            if (!merge.IsOver) return new FoundMessages(found, (settled with { After = merge.LookedTo }).ToString());
            if (settled.FromChat is not { } lowest) return new FoundMessages(found, null);
            begin = new SearchCursor(lowest, null, SearchPlace.Start);
            if (found.Count >= count || IsOver(started)) return new FoundMessages(found, begin.ToString());
        }

        // With what the chats in front of these gave; without any, a page would be asked for again that goes no further.
        Result<FoundMessages> EndEarly() => begin != asked ? new FoundMessages(found, begin.ToString()) : Failures.Busy(TimeLimit);
    }

    /// <summary>The time of a statement is over, in the middle: what was looked at until then is the page. False: nothing was.</summary>
    private async Task<bool> TryFindAsync(MessageMerge merge, List<FoundMessage> found, int count, long started, CancellationToken ct)
    {
        SearchPlace before = merge.LookedTo;
        try
        {
            await merge.FindAsync(found, count, () => IsOver(started), ct);
            return true;
        }
        catch (PostgresException fault) when (SearchStore.TookTooLong(fault))
        {
            return merge.LookedTo != before;
        }
    }

    /// <summary>The intervals of the one chat, or of the next ones; null: it took too long to ask for them.</summary>
    private async Task<IReadOnlyList<SearchInterval>?> TryListAsync(long principalId, long? chatId, SearchCursor begin, int chats, CancellationToken ct)
    {
        try
        {
            return chatId is { } one ? await store.ListIntervalsOfChatAsync(principalId, one, ct) : await ListAsync(principalId, begin, chats, ct);
        }
        catch (PostgresException fault) when (SearchStore.TookTooLong(fault))
        {
            return null;
        }
    }

    /// <summary>The intervals of the chats that the cursor names, or of the next so many.</summary>
    private async Task<IReadOnlyList<SearchInterval>> ListAsync(long principalId, SearchCursor begin, int chats, CancellationToken ct)
    {
        // A settled group may have got chats since.
        int most = begin.FromChat is null ? chats + 1 : 2 * ChatsAtOnce;
        IReadOnlyList<SearchInterval> intervals = await store.ListIntervalsAsync(principalId, begin.BelowChat, most, ct);
        if (begin.FromChat is { } lowest) return [.. intervals.Where(interval => interval.ChatId >= lowest)];
        if (intervals.Count <= chats || intervals[^1].ChatId == intervals[0].ChatId) return intervals;
        long cut = intervals[^1].ChatId; // perhaps not all of its intervals
        return [.. intervals.Where(interval => interval.ChatId != cut)];
    }

    private static List<SearchInterval> Within(IReadOnlyList<SearchInterval> intervals, SearchFilter filter) =>
        filter.FromMs is { } earliest
            ? [.. intervals.Select(interval => interval with { FromMs = Math.Max(interval.FromMs, earliest) }).Where(interval => interval.FromMs <= interval.ToMs)]
            : [.. intervals];

    private bool IsOver(long started) => time.GetElapsedTime(started) >= TimeLimit;
}

/// <summary>A page of messages that were found.</summary>
/// <param name="Messages">May be fewer than asked for, or none, though there are more.</param>
/// <param name="NextCursor">Where the next page starts; null when nothing is left.</param>
public sealed record FoundMessages(IReadOnlyList<FoundMessage> Messages, string? NextCursor);

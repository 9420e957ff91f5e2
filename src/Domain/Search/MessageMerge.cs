using Chat.Storage;
using Chat.Storage.Search;
using Npgsql;

namespace Chat.Domain.Search;

/// <summary>
/// Finds messages in many intervals of membership, the newest of all first, as far as is asked for: what each of them has next waits in a queue,
/// and is read, as its reader may see it, when its turn comes. One search; one caller.
/// </summary>
internal sealed class MessageMerge(SearchStore store, SearchFilter filter, long principalId)
{
    private const int EntriesAtOnce = 2_000;
    private const int LeastEntries = 4;
    private const int MostEntries = 256;
    private const int MaxProbes = 64;
    private const int MaxFirstProbes = 250;
    private const int MaxReads = 64;

    private readonly PriorityQueue<Source, SearchPlace> _sources = new();

    /// <summary>Everything in front of this, and it itself, was looked at.</summary>
    public SearchPlace LookedTo { get; private set; } = SearchPlace.Start;

    /// <summary>Nothing is left.</summary>
    public bool IsOver => _sources.Count == 0;

    /// <summary>Begins behind a place: looks once into every interval, into fewer at once when that takes long.</summary>
    /// <returns>False when the time is over before all were looked into, or one alone takes too long.</returns>
    public async Task<bool> TryBeginAsync(IReadOnlyList<SearchInterval> intervals, SearchPlace after, Func<bool> isOver, CancellationToken ct)
    {
        LookedTo = after;
        List<Source> left = [.. intervals.Select(interval => new Source(interval, Below(interval.ChatId, after)))];
        int atOnce = MaxFirstProbes;
        while (left.Count > 0)
        {
            if (isOver()) return false;
            List<Source> some = left[..Math.Min(atOnce, left.Count)];
            try
            {
                await ProbeAsync(some, ct);
                left.RemoveRange(0, some.Count);
            }
            catch (PostgresException fault) when (SearchStore.TookTooLong(fault))
            {
                if (some.Count == 1) return false; // it is not for the number of them
                atOnce = Math.Max(1, some.Count / 4);
            }
        }

        return true;
    }

    /// <summary>Adds up to so many matches, until the time is over.</summary>
    /// <param name="isOver">Asked between the steps.</param>
    public async Task FindAsync(List<FoundMessage> found, int most, Func<bool> isOver, CancellationToken ct)
    {
        int reads = MaxReads, looked = 0, before = found.Count;
        // One step at least, however late it is: a page that goes no further than the one before would be asked for without an end.
        for (bool isFirst = true; !IsOver && found.Count < most && (isFirst || !isOver()); isFirst = false)
        {
            // As many as hold what is missing, if they match as those before did: where few do, a round trip for each few would be the cost.
            int missing = most - found.Count, expected = missing * looked / Math.Max(1, found.Count - before);
            List<SearchPlace> next = await TakeAsync(Math.Min(reads, Math.Max(missing, expected)), ct);
            if (next.Count == 0) continue;
            IReadOnlyList<EventRow> rows;
            try
            {
                rows = await store.ReadMessagesAsync(principalId, next, ct);
            }
            catch (PostgresException fault) when (SearchStore.TookTooLong(fault) && next.Count > 1)
            {
                PutBack(next);
                reads = Math.Max(1, next.Count / 4);
                continue;
            }

            Dictionary<(long, long), EventRow> byKey = rows.ToDictionary(row => (row.ChatId, row.Sequence));
            int judged = 0;
            for (; judged < next.Count && found.Count < most; judged++)
            {
                SearchPlace place = next[judged];
                if (byKey.TryGetValue((place.ChatId, place.Sequence), out EventRow? row) && filter.Match(row) is { } match)
                    found.Add(new FoundMessage(row, match.Highlights, match.Score, place));
                LookedTo = place;
            }

            looked += judged;
            PutBack(next[judged..]);
        }
    }

    /// <summary>The next places, in order; none when some source had to be looked into first.</summary>
    private async Task<List<SearchPlace>> TakeAsync(int most, CancellationToken ct)
    {
        List<SearchPlace> taken = [];
        while (taken.Count < most && _sources.TryPeek(out Source? source, out SearchPlace place) && source.Next.Count > 0)
        {
            _sources.Dequeue();
            source.Next.Dequeue();
            if (taken.Count == 0 || taken[^1] != place) taken.Add(place);
            Enter(source);
        }

        if (taken.Count > 0) return taken;
        List<Source> empty = [];
        while (empty.Count < MaxProbes && _sources.TryPeek(out Source? source, out SearchPlace place) && source.Next.Count == 0)
        {
            _sources.Dequeue();
            // Only the first of them has nothing unseen in front of it: the others are not looked into yet.
            if (empty.Count == 0 && place > LookedTo) LookedTo = place;
            empty.Add(source);
        }

        try
        {
            await ProbeAsync(empty, ct);
        }
        catch (PostgresException fault) when (SearchStore.TookTooLong(fault))
        {
            foreach (Source source in empty) Enter(source); // there is more in them
            throw;
        }

        return taken;
    }

    /// <summary>What was not looked at comes first again.</summary>
    private void PutBack(List<SearchPlace> places)
    {
        foreach (SearchPlace place in places)
        {
            Source source = new(new SearchInterval(place.ChatId, 0, 0, 0, 0), null);
            source.Next.Enqueue(place);
            Enter(source);
        }
    }

    private async Task ProbeAsync(List<Source> sources, CancellationToken ct)
    {
        if (sources.Count == 0) return;
        int entries = Math.Clamp(EntriesAtOnce / sources.Count, LeastEntries, MostEntries);
        IReadOnlyList<SearchProbed> probed = await store.ProbeAsync(
            [.. sources.Select(source => new SearchProbe(source.Interval, source.Below!.Value.SentAtMs, source.Below.Value.Sequence))],
            filter.Plan, entries, ct);
        for (int i = 0; i < sources.Count; i++)
        {
            foreach (SearchPlace place in probed[i].Found) sources[i].Next.Enqueue(place);
            sources[i].Below = probed[i].LookedTo;
            Enter(sources[i]);
        }
    }

    private void Enter(Source source)
    {
        if (source.Next.TryPeek(out SearchPlace next)) _sources.Enqueue(source, next);
        else if (source.Below is { } below) _sources.Enqueue(source, below);
    }

    /// <summary>What of a chat comes behind a place of whatever chat: at the same time the higher chat was first.</summary>
    private SearchPlace Below(long chatId, SearchPlace after)
    {
        long sequence = chatId < after.ChatId ? long.MaxValue : chatId == after.ChatId ? after.Sequence : 0;
        SearchPlace below = new(after.SentAtMs, chatId, sequence);
        return filter.ToMs is { } to && to < below.SentAtMs ? new SearchPlace(to, chatId, 0) : below;
    }

    private sealed class Source(SearchInterval interval, SearchPlace? below)
    {
        public SearchInterval Interval { get; } = interval;

        /// <summary>Found, not looked at yet.</summary>
        public Queue<SearchPlace> Next { get; } = new();

        /// <summary>How far the index was looked through; null: to its end.</summary>
        public SearchPlace? Below { get; set; } = below;
    }
}

/// <summary>A message that was found.</summary>
/// <param name="Message">As history shows it to the asker.</param>
/// <param name="Highlights">Where in its text the words are.</param>
/// <param name="Score">How well it fits; see <see cref="SearchMatch.Score"/>.</param>
public sealed record FoundMessage(EventRow Message, IReadOnlyList<TextRange> Highlights, int Score, SearchPlace Place);

using Chat.Domain.Cluster;
using Chat.Domain.Limits;
using Chat.Storage;
using Chat.Storage.Chats;
using Chat.Storage.Search;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.Domain.Search;

/// <summary>
/// Brings what was written into the index, beside all other work: first what this node committed, then names, then what the walk through the
/// chats finds, and when nothing else is to be done and the node has room, what was written before there was an index. Every step is bounded,
/// and an event that cannot be indexed is left out, with a line in the log, and tried again later.
/// </summary>
public sealed partial class SearchIndexer(
    SearchNews news, SearchIndexStore index, NameStore names, Overload overload, PeerNodes peers, TimeProvider time, ILogger<SearchIndexer> log) : IAsyncDisposable
{
    /// <summary>From one look at what is new to the next.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private const int OldEvents = 250;
    private const int EventsOneByOne = 50;
    private const int WalkedChats = 5_000;
    private const int NamesAtOnce = 500;
    private const int NameSteps = 4;

    private static readonly TimeSpan LastCatchUp = TimeSpan.FromSeconds(2);

    /// <summary>What is new comes first, and not for ever: then it is the turn of the rest.</summary>
    private static readonly TimeSpan LongestCatchUp = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan WalkPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(30);

    private readonly StoppableLoop _loop = new();
    private readonly IndexingPace _pace = new();
    private int _leftInRound;
    private long _walkedAt;
    private long _retriedAt;
    private readonly HashSet<string> _failing = [];
    private bool _hasOldNames = true;
    private int _walkedNames = NamesAtOnce;

    public void Start() => _loop.Start(RunAsync);

    public Task StopAsync() => _loop.StopAsync();

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    /// <summary>Indexes all that is known to be new, without rest: at the end, and in tests.</summary>
    internal async Task CatchUpAsync(CancellationToken ct)
    {
        _leftInRound = news.Count;
        while (await IndexNextAsync(ct)) continue;
    }

    /// <summary>One round of what can wait.</summary>
    /// <returns>Whether there is more to do at once.</returns>
    internal async Task<bool> FillUpAsync(CancellationToken ct)
    {
        if (_walkedAt == 0 || time.GetElapsedTime(_walkedAt) >= WalkPause)
        {
            _walkedAt = time.GetTimestamp();
            if (await index.WalkAsync(WalkedChats, ct) is { Count: > 0 } behind) news.Note(behind);
        }

        if (_retriedAt == 0 || time.GetElapsedTime(_retriedAt) >= RetryPause)
        {
            _retriedAt = time.GetTimestamp();
            await RetryAsync(ct);
        }

        await TryAsync(nameof(WalkNamesAsync), WalkNamesAsync, ct);
        return await IndexOldAsync(ct) > 0;
    }

    /// <summary>Makes the words of some names anew.</summary>
    /// <returns>Whether there may be more.</returns>
    internal async Task<bool> IndexNamesAsync(CancellationToken ct)
    {
        for (int i = 0; i < NameSteps; i++)
        {
            IReadOnlyList<NameKey> noted = await names.ListNewsAsync(NamesAtOnce, ct);
            if (noted.Count == 0 || await IndexNamesAsync(noted, ct) == 0) return false;
        }

        return true;
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(Pause, time);
        try
        {
            do
            {
                await TryAsync(nameof(CatchUpWithRestsAsync), CatchUpWithRestsAsync, _loop.Stopping);
                await TryAsync(nameof(IndexNamesAsync), IndexNamesAsync, _loop.Stopping);
                if (overload.Level == LoadLevel.Normal) await TryAsync(nameof(FillUpWithRestAsync), FillUpWithRestAsync, _loop.Stopping);
            }
            while (await timer.WaitForNextTickAsync(_loop.Stopping));
        }
        catch (OperationCanceledException) when (_loop.Stopping.IsCancellationRequested)
        {
            await FinishAsync();
        }
    }

    /// <summary>The node is going down: what it still knows of is found at once, and not by another's walk in some minutes.</summary>
    private async Task FinishAsync()
    {
        using CancellationTokenSource over = new(LastCatchUp, time);
        try
        {
            await TryAsync(nameof(FinishAsync), CatchUpAsync, over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The walk of another node finds it.
        }
    }

    /// <summary>
    /// What is new at its beginning, and not what comes meanwhile: in the next round that is more of the same chats, each of which costs a claim.
    /// </summary>
    private async Task CatchUpWithRestsAsync(CancellationToken ct)
    {
        long started = time.GetTimestamp();
        _leftInRound = news.Count;
        while (await WithRestAsync(IndexNextAsync, ct) && time.GetElapsedTime(started) < LongestCatchUp) continue;
    }

    private Task FillUpWithRestAsync(CancellationToken ct) => WithRestAsync(FillUpAsync, ct);

    private async Task<bool> WithRestAsync(Func<CancellationToken, Task<bool>> step, CancellationToken ct)
    {
        long started = time.GetTimestamp();
        bool hasMore = await step(ct);
        await Task.Delay(IndexingPace.Rest(time.GetElapsedTime(started), overload.RecentWait, peers.CountHeard() + 1), time, ct);
        return hasMore;
    }

    /// <summary>Indexes the next chats of this round.</summary>
    /// <returns>Whether there are more.</returns>
    private async Task<bool> IndexNextAsync(CancellationToken ct)
    {
        int most = _pace.Chats;
        List<ChatHead> noted = news.Take(most);
        if (noted.Count == 0) return false;

        _leftInRound -= noted.Count; // those that other nodes are at too: in the next round
        List<ChatHead> again = noted; // all of them, if the database is away: not lost by that
        long started = time.GetTimestamp();
        try
        {
            IReadOnlyList<long> claimed = await IndexAsync(noted, ct);
            again = [.. noted.Where(chat => claimed.Contains(chat.ChatId))];
        }
        finally
        {
            news.Note(again);
        }

        _pace.Took(time.GetElapsedTime(started), wasWhole: noted.Count == most);
        return _leftInRound > 0;
    }

    private async Task TryAsync(string duty, Func<CancellationToken, Task> round, CancellationToken ct)
    {
        try
        {
            await round(ct);
            _failing.Remove(duty);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            if (_failing.Add(duty)) LogFailed(fault); // whatever it is, the next round tries again
        }
    }

    /// <summary>Names that were there before the index; a page that takes too long is halved.</summary>
    private async Task WalkNamesAsync(CancellationToken ct)
    {
        if (!_hasOldNames) return;
        try
        {
            _hasOldNames = await names.WalkAsync(_walkedNames, ct);
            _walkedNames = Math.Min(NamesAtOnce, _walkedNames * 2);
        }
        catch (PostgresException fault) when (SearchStore.TookTooLong(fault) && _walkedNames > 1)
        {
            _walkedNames /= 2;
        }
    }

    /// <summary>Those that fail are halved down to the one that is at fault, which is left out until it changes.</summary>
    private async Task<int> IndexNamesAsync(IReadOnlyList<NameKey> noted, CancellationToken ct)
    {
        try
        {
            return await names.IndexAsync(noted, ct);
        }
        catch (Exception fault) when (IsOfTheEvents(fault))
        {
            if (noted.Count == 1)
            {
                await names.SkipAsync(noted[0], ct);
                LogNameSkipped(fault, noted[0].Kind, noted[0].ScopeId, noted[0].SubjectId);
                return 1;
            }

            int done = 0;
            foreach (NameKey[] half in noted.Chunk((noted.Count + 1) / 2)) done += await IndexNamesAsync(half, ct);
            return done;
        }
    }

    /// <summary>Indexes these chats; one that fails is looked at alone, so that it holds up no other.</summary>
    /// <returns>Those that another node has in hand.</returns>
    private async Task<IReadOnlyList<long>> IndexAsync(List<ChatHead> noted, CancellationToken ct)
    {
        try
        {
            IndexedStep step = await index.IndexNewsAsync(noted, _pace.Events, ct);
            SearchMetrics.Indexed.Add(step.Events);
            _leftInRound += step.Unfinished.Count;
            news.Note(step.Unfinished.Select(chatId => new ChatHead(chatId, long.MaxValue)));
            return step.Claimed;
        }
        catch (Exception fault) when (IsOfTheEvents(fault))
        {
            if (noted.Count == 1) return await IndexEachAsync(noted[0], ct);
            List<long> claimed = [];
            foreach (ChatHead chat in noted) claimed.AddRange(await IndexAsync([chat], ct));
            return claimed;
        }
    }

    /// <summary>Event by event up to the one that cannot be indexed, which is left out; the rest of the chat is new again, behind others.</summary>
    private async Task<IReadOnlyList<long>> IndexEachAsync(ChatHead chat, CancellationToken ct)
    {
        for (int i = 0; i < EventsOneByOne; i++)
        {
            try
            {
                IndexedStep step = await index.IndexNewsAsync([chat], maxEvents: 1, ct);
                if (step.Events == 0) return step.Claimed;
            }
            catch (Exception again) when (IsOfTheEvents(again))
            {
                if (await index.SkipNextAsync(chat.ChatId, ct) is not { } sequence) return [chat.ChatId];
                LogSkipped(again, chat.ChatId, sequence);
                SearchMetrics.Skipped.Add(1);
            }
        }

        _leftInRound++;
        news.Note([chat]);
        return [];
    }

    /// <returns>How much was done; zero when nothing is left.</returns>
    private async Task<int> IndexOldAsync(CancellationToken ct)
    {
        try
        {
            return await IndexOldAsync(OldEvents, chatId: null, ct);
        }
        catch (Exception fault) when (IsOfTheEvents(fault))
        {
            int events = 0;
            foreach (long chatId in await index.ListOldAsync(ct)) events += await IndexOldOfAsync(chatId, ct);
            return events;
        }
    }

    /// <summary>One chat alone, event by event if it is the one that fails; the rest of it waits for the next round.</summary>
    private async Task<int> IndexOldOfAsync(long chatId, CancellationToken ct)
    {
        try
        {
            return await IndexOldAsync(OldEvents, chatId, ct);
        }
        catch (Exception fault) when (IsOfTheEvents(fault))
        {
            for (int i = 0; i < EventsOneByOne; i++)
            {
                try
                {
                    if (await IndexOldAsync(maxEvents: 1, chatId, ct) == 0) return i;
                }
                catch (Exception again) when (IsOfTheEvents(again))
                {
                    if (await index.SkipOldAsync(chatId, ct) is not { } skipped) return i;
                    LogSkipped(again, skipped.ChatId, skipped.Sequence);
                    SearchMetrics.Skipped.Add(1);
                }
            }

            return EventsOneByOne;
        }
    }

    private async Task<int> IndexOldAsync(int maxEvents, long? chatId, CancellationToken ct)
    {
        IndexedStep step = await index.IndexOldAsync(maxEvents, chatId, ct);
        SearchMetrics.Indexed.Add(step.Events);
        return step.Events;
    }

    private async Task RetryAsync(CancellationToken ct)
    {
        try
        {
            while (await index.RetrySkippedAsync(ct) && !ct.IsCancellationRequested) continue;
        }
        catch (Exception fault) when (IsOfTheEvents(fault))
        {
            await index.PostponeSkippedAsync(ct);
        }
    }

    /// <summary>
    /// Whether what was to be indexed is at fault, and not the database's state: a passing fault is tried again as it is. A statement that took too
    /// long had too much to do at once, which passes too if it is asked for less.
    /// </summary>
    private static bool IsOfTheEvents(Exception fault) =>
        fault is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled }
        || (fault is not OperationCanceledException && !DatabaseOutage.IsPassing(fault) && !IsOfTheSchema(fault));

    /// <summary>Class 42: a statement or a right is wrong, whatever is to be indexed. To leave all of it out would help nobody.</summary>
    private static bool IsOfTheSchema(Exception fault) =>
        fault is PostgresException postgres && postgres.SqlState.StartsWith("42", StringComparison.Ordinal);

    [LoggerMessage(EventId = EventIds.SearchNotIndexed, Level = LogLevel.Warning,
        Message = "What was written could not be indexed for search; tried again, without another word until it works")]
    private partial void LogFailed(Exception fault);

    [LoggerMessage(EventId = EventIds.SearchSkipped, Level = LogLevel.Warning,
        Message = "Event {Sequence} of chat {ChatId} could not be indexed for search and is left out; tried again later")]
    private partial void LogSkipped(Exception fault, long chatId, long sequence);

    [LoggerMessage(EventId = EventIds.SearchNameSkipped, Level = LogLevel.Warning,
        Message = "The name of kind {Kind}, {ScopeId}, {SubjectId} could not be indexed for search and is left out until it changes")]
    private partial void LogNameSkipped(Exception fault, int kind, long scopeId, long subjectId);
}

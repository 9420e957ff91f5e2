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
    SearchNews news, SearchIndexStore index, NameStore names, Overload overload, TimeProvider time, ILogger<SearchIndexer> log) : IAsyncDisposable
{
    /// <summary>From one look at what is new to the next.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private const int MaxChats = 50;
    private const int MaxEvents = 1_000;
    private const int OldEvents = 1_000;
    private const int EventsOneByOne = 50;
    private const int WalkedChats = 5_000;
    private const int NamesAtOnce = 500;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WalkPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(30);

    private readonly StoppableLoop _loop = new();
    private long _walkedAt;
    private long _retriedAt;
    private bool _failed;
    private bool _hasOldNames = true;

    public void Start() => _loop.Start(RunAsync);

    public Task StopAsync() => _loop.StopAsync();

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    /// <summary>Indexes all that is known to be new. Tests call it in place of the loop.</summary>
    internal async Task CatchUpAsync(CancellationToken ct)
    {
        while (news.Take(MaxChats) is { Count: > 0 } noted)
        {
            IReadOnlyList<long> claimed = await IndexAsync(noted, ct);
            if (claimed.Count == 0) continue;
            news.Note(noted.Where(chat => claimed.Contains(chat.ChatId)));
            if (claimed.Count == noted.Count) break; // other nodes are at them: in the next round
        }

        while (await names.IndexAsync(NamesAtOnce, ct) > 0 && !ct.IsCancellationRequested) continue;
    }

    /// <summary>One round of what can wait.</summary>
    /// <returns>Whether there is more to do at once.</returns>
    internal async Task<bool> FillUpAsync(CancellationToken ct)
    {
        if (_walkedAt == 0 || time.GetElapsedTime(_walkedAt) >= WalkPause)
        {
            _walkedAt = time.GetTimestamp();
            if (await index.WalkAsync(WalkedChats, ct) is { Count: > 0 } behind) news.Note(behind);
            if (_hasOldNames) _hasOldNames = await names.WalkAsync(WalkedChats, ct);
        }

        if (_retriedAt == 0 || time.GetElapsedTime(_retriedAt) >= RetryPause)
        {
            _retriedAt = time.GetTimestamp();
            await RetryAsync(ct);
        }

        return (await IndexOldAsync(ct)).Events > 0;
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(Pause, time);
        try
        {
            do
            {
                await TryAsync(CatchUpAsync);
                if (overload.Level == LoadLevel.Normal) await TryAsync(FillUpWithPauseAsync);
            }
            while (await timer.WaitForNextTickAsync(_loop.Stopping));
        }
        catch (OperationCanceledException) when (_loop.Stopping.IsCancellationRequested)
        {
            // The node is going down; what was not indexed is found by the walk of another.
        }
    }

    /// <summary>Leaves as much time to others as it took.</summary>
    private async Task FillUpWithPauseAsync(CancellationToken ct)
    {
        long started = time.GetTimestamp();
        await FillUpAsync(ct);
        TimeSpan took = time.GetElapsedTime(started);
        await Task.Delay(took < LongestPause ? took : LongestPause, time, ct);
    }

    private async Task TryAsync(Func<CancellationToken, Task> round)
    {
        try
        {
            await round(_loop.Stopping);
            _failed = false;
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !_loop.Stopping.IsCancellationRequested)
        {
            if (!_failed) LogFailed(fault); // whatever it is, the next round tries again
            _failed = true;
        }
    }

    /// <summary>Indexes these chats; one that fails is looked at alone, so that it holds up no other.</summary>
    /// <returns>Those that another node has in hand.</returns>
    private async Task<IReadOnlyList<long>> IndexAsync(List<ChatHead> noted, CancellationToken ct)
    {
        try
        {
            IndexedStep step = await index.IndexNewsAsync(noted, MaxEvents, ct);
            SearchMetrics.Indexed.Add(step.Events);
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
        catch (Exception)
        {
            news.Note(noted); // the database is away: not lost by that
            throw;
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

        news.Note([chat]);
        return [];
    }

    private async Task<IndexedStep> IndexOldAsync(CancellationToken ct)
    {
        try
        {
            IndexedStep step = await index.IndexOldAsync(OldEvents, ct);
            SearchMetrics.Indexed.Add(step.Events);
            return step;
        }
        catch (Exception fault) when (IsOfTheEvents(fault))
        {
            try
            {
                return await index.IndexOldAsync(maxEvents: 1, ct);
            }
            catch (Exception again) when (IsOfTheEvents(again))
            {
                if (await index.SkipOldAsync(ct) is { } skipped) LogSkipped(again, skipped.ChatId, skipped.Sequence);
                SearchMetrics.Skipped.Add(1);
                return new IndexedStep([], [], 1);
            }
        }
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
}

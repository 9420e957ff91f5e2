using Microsoft.Extensions.Logging;
using Npgsql;
using PendingAppend = Chat.Storage.Pending<Chat.Storage.ChatLog.NewEvent, Chat.Storage.ChatLog.AppendOutcome>;

namespace Chat.Storage.ChatLog;

/// <summary>
/// Brings one batch to an end, whatever PostgreSQL does: poison is halved out, races are repeated, a lost connection is replaced and
/// the batch run again, by its ids, until its outcome is known or the deadline passes. The log's loop only.
/// </summary>
internal sealed partial class AppendRunner(
    NpgsqlDataSource source, ChatLogOptions options, ICommittedEvents sink, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private const int MaxRacesAtOnce = 3;

    // The server ends a statement after 5 s; beyond that the server itself does not answer.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(6);

    private readonly List<EventRow> _committed = [];
    private readonly WriterTurns _turns = new(options.LeastTurnEvents);
    private TimeSpan? _turnCameAfter;
    private AppendConnection? _connection;
    private bool _hasGivenUp;

    public long UnknownBatches { get; private set; }

    /// <summary>Ends when every item has its outcome and its waiter was told. Does not throw.</summary>
    /// <returns>False when PostgreSQL gave no answer for some of them up to their deadline.</returns>
    public async Task<bool> RunAsync(List<PendingAppend> items)
    {
        _hasGivenUp = false;
        if (_turnCameAfter is { } waited) _turns.Came(waited, items.Count);
        _turnCameAfter = null;
        await RunAsync(items, mayBeStored: false);
        await EndTurnAsync();
        return !_hasGivenUp;
    }

    /// <summary>Waits for this writer's turn, if that is worth it; the batch that is taken then is larger. Does not throw.</summary>
    public async Task TakeTurnAsync()
    {
        if (!options.TakesTurns || _connection is null || !_turns.AreWorthIt(time)) return;
        long started = time.GetTimestamp();
        try
        {
            await _connection.TakeTurnAsync();
            _turnCameAfter = time.GetElapsedTime(started);
            ChatLogMetrics.Turns.Add(1);
        }
#pragma warning disable CA1031 // Whatever it is, the batch goes without a turn, and meets the same fault if it lasts.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _turns.Missed(time);
            TurnMissed(log, exception);
            if (exception is not PostgresException { SqlState: "55P03" }) await DropConnectionAsync();
        }
    }

    /// <summary>Ends when PostgreSQL answers again: asked by connecting, so that no message has to wait to find out. Does not throw.</summary>
    public async Task ReconnectAsync(CancellationToken stopping)
    {
        for (TimeSpan pause = options.MinBackOff; _connection is null && !stopping.IsCancellationRequested; pause = Shortest(pause * 2, options.MaxBackOff))
        {
            try
            {
                using var silence = new CancellationTokenSource(LongestAnswer, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, stopping);
                _connection = await AppendConnection.OpenAsync(source, either.Token);
                return;
            }
#pragma warning disable CA1031 // Whatever it is, the log must go on when it is over.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                StillSilent(log, exception);
            }

            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Tells waiters what became of their events.</summary>
    public static void Tell(List<PendingAppend> items, AppendOutcome outcome)
    {
        foreach (PendingAppend item in items)
            item.Outcome = outcome;
        Wake(items);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection) await connection.DisposeAsync();
        _connection = null;
    }

    /// <param name="mayBeStored">An earlier attempt of these items ended in doubt.</param>
    private async Task RunAsync(List<PendingAppend> items, bool mayBeStored)
    {
        int races = 0;
        TimeSpan pause = options.MinBackOff;
        while (true)
        {
            TellExpired(items, mayBeStored);
            if (items.Count == 0) return;

            (Exception? fault, bool sent) = await AttemptAsync(items, mayBeStored);
            if (fault is null) return;

            AppendFault kind = AppendFaults.Classify(fault);
            // What failed before anything was sent is certainly not stored.
            if (!sent && kind == AppendFault.Unknown) kind = AppendFault.Aborted;
            if (!AppendFaults.KeepsConnection(fault)) await DropConnectionAsync();
            switch (kind)
            {
                case AppendFault.Data when items.Count == 1:
                    Rejected(log, fault, items[0].Request.ChatId, items[0].Request.SenderId);
                    ChatLogMetrics.Rejected.Add(1);
                    Tell(items, new AppendOutcome(AppendStatus.Rejected, 0, 0, TimeSpan.Zero));
                    return;
                case AppendFault.Data:
                    // In order, so that the events of a chat keep theirs.
                    int half = items.Count / 2;
                    await RunAsync(items[..half], mayBeStored);
                    await RunAsync(items[half..], mayBeStored);
                    return;
                case AppendFault.Race when races++ < MaxRacesAtOnce:
                    ChatLogMetrics.RepeatedBatches.Add(1);
                    continue;
                case AppendFault.Full when !mayBeStored:
                    Faulted(log, fault, items.Count, kind);
                    Tell(items, new AppendOutcome(AppendStatus.Busy, 0, 0, options.RetryAfter));
                    await Task.Delay(pause, time);
                    return;
                case AppendFault.Unknown:
                    mayBeStored = true;
                    UnknownBatches++;
                    ChatLogMetrics.UnknownBatches.Add(1);
                    break;
            }

            Faulted(log, fault, items.Count, kind);
            ChatLogMetrics.RepeatedBatches.Add(1);
            await Task.Delay(Shortest(pause, TimeLeft(items)), time);
            pause = Shortest(pause * 2, options.MaxBackOff);
        }
    }

    /// <summary>One transaction. Without a fault it is committed and everybody knows.</summary>
    private async Task<(Exception? Fault, bool Sent)> AttemptAsync(List<PendingAppend> items, bool mayBeStored)
    {
        bool sent = false;
        try
        {
            _connection ??= await OpenAsync(items);
            sent = true;
            long started = time.GetTimestamp();
            await _connection.ExecuteAsync(items, mayBeStored, _committed, Shortest(TimeLeft(items), LongestAnswer));
            if (_connection.LockedAfter >= TimeSpan.Zero) _turns.Locked(_connection.LockedAfter, _connection.Chats, items.Count);
#if PLANTED_BUGS
            if (PlantedBug.Is("publish-before-commit") && _committed.Count > 0) sink.OnCommitted(_committed);
            if (PlantedBug.Is("ack-before-commit")) Wake(items);
            await _connection.CommitLateAsync();
#endif
            ChatLogMetrics.BatchEvents.Record(items.Count);
            ChatLogMetrics.BatchDuration.Record(time.GetElapsedTime(started).TotalMilliseconds);
        }
#pragma warning disable CA1031 // Whatever it is, the waiters must hear of it; the caller judges and logs it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return (exception, sent);
        }
        if (mayBeStored) KeepInDoubt(items);
        TellCommitted(items);
        return (null, sent);
    }

    /// <summary>
    /// A refusal that another moment might change is none while an earlier attempt is in doubt: its statements may still be on their way,
    /// and be judged when they arrive.
    /// </summary>
    private void KeepInDoubt(List<PendingAppend> items)
    {
        List<PendingAppend> doubtful = items.FindAll(
            static item => item.Outcome.Status is AppendStatus.NotAMember or AppendStatus.ChatNotFound or AppendStatus.ReplyTargetNotFound
                or AppendStatus.Blocked);
        if (doubtful.Count == 0) return;
        foreach (PendingAppend item in doubtful) item.Outcome = new AppendOutcome(AppendStatus.Unavailable, 0, 0, options.RetryAfter);
        TellSink(doubtful, static (sink, items) => sink.OnInDoubt(ChatsOf(items)));
    }

    /// <summary>A turn without a batch, because all that waited was too late, must not keep the others waiting.</summary>
    private async Task EndTurnAsync()
    {
        if (_connection is null) return;
        try
        {
            await _connection.EndTurnAsync();
        }
#pragma warning disable CA1031 // Whatever it is, PostgreSQL ends the turn with the connection.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            TurnMissed(log, exception);
            await DropConnectionAsync();
        }
    }

    private async Task<AppendConnection> OpenAsync(List<PendingAppend> items)
    {
        using var deadline = new CancellationTokenSource(TimeLeft(items), time);
        return await AppendConnection.OpenAsync(source, deadline.Token);
    }

    /// <summary>A connection in doubt is never used again, and its neighbours in the pool are of the same server: they go too.</summary>
    private async Task DropConnectionAsync()
    {
        source.Clear();
        await DisposeAsync();
    }

    private void TellCommitted(List<PendingAppend> items)
    {
        if (_committed.Count > 0)
        {
            TellSink(_committed, static (sink, committed) => sink.OnCommitted(committed));
            _committed.Clear();
        }
#if PLANTED_BUGS
        if (PlantedBug.Is("ack-before-commit")) return;
#endif
        Wake(items);
    }

    private void TellSink<T>(T what, Action<ICommittedEvents, T> tell)
    {
        try
        {
            tell(sink, what);
        }
#pragma warning disable CA1031 // What is stored is stored: the senders must hear so, and the log must go on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            SinkFailed(log, exception);
        }
    }

    private static HashSet<long> ChatsOf(List<PendingAppend> items) => [.. items.Select(item => item.Request.ChatId)];

    private void TellExpired(List<PendingAppend> items, bool mayBeStored)
    {
        long now = time.GetTimestamp();
        List<PendingAppend> expired = items.FindAll(item => time.GetElapsedTime(item.AcceptedAt, now) >= options.Deadline);
        if (expired.Count == 0) return;
        items.RemoveAll(expired.Contains);
        _hasGivenUp = true;
        if (mayBeStored) TellSink(expired, static (sink, items) => sink.OnInDoubt(ChatsOf(items)));
        AppendStatus status = mayBeStored ? AppendStatus.Unavailable : AppendStatus.Busy;
        Tell(expired, new AppendOutcome(status, 0, 0, options.RetryAfter));
    }

    private static void Wake(List<PendingAppend> items) =>
        Completion<NewEvent, AppendOutcome>.Queue(items);

    /// <summary>In whole milliseconds, rounded up: a timer drops their fractions, and would leave one for a try that can come to nothing.</summary>
    private TimeSpan TimeLeft(List<PendingAppend> items)
    {
        TimeSpan left = options.Deadline - time.GetElapsedTime(items[0].AcceptedAt);
        return left > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : TimeSpan.Zero;
    }

    private static TimeSpan Shortest(TimeSpan x, TimeSpan y) => x < y ? x : y;

    [LoggerMessage(EventId = EventIds.EventRejected, Level = LogLevel.Warning, Message = "A message of principal {SenderId} to chat {ChatId} was refused by PostgreSQL")]
    private static partial void Rejected(ILogger logger, Exception exception, long chatId, long senderId);

    [LoggerMessage(EventId = EventIds.BatchFailed, Level = LogLevel.Warning, Message = "A batch of {Count} events failed ({Fault})")]
    private static partial void Faulted(ILogger logger, Exception exception, int count, AppendFault fault);

    [LoggerMessage(EventId = EventIds.StorageStillSilent, Level = LogLevel.Debug, Message = "PostgreSQL does not answer yet; new messages are told to come later")]
    private static partial void StillSilent(ILogger logger, Exception exception);

    [LoggerMessage(EventId = EventIds.TurnMissed, Level = LogLevel.Debug, Message = "Another writer keeps its turn, or PostgreSQL does not answer; this one goes on without turns")]
    private static partial void TurnMissed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = EventIds.CommittedSinkFailed, Level = LogLevel.Error, Message = "The receiver of committed events failed; what is stored stays stored")]
    private static partial void SinkFailed(ILogger logger, Exception exception);
}

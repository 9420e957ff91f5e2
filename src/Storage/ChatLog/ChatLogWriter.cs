using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using PendingAppend = Chat.Storage.Pending<Chat.Storage.ChatLog.NewEvent, Chat.Storage.ChatLog.AppendOutcome>;

namespace Chat.Storage.ChatLog;

/// <summary>
/// Appends messages to chats: one loop takes what waits, stores it in one transaction (D5), and tells each waiter what became of its
/// message. The commit of one batch is the gathering time of the next. Any number of writers, in any number of processes, may serve the
/// same chats: PostgreSQL numbers (D2). Thread-safe.
/// </summary>
public sealed class ChatLogWriter : IAsyncDisposable
{
    private readonly ChatLogOptions _options;
    private readonly TimeProvider _time;
    private readonly AppendRunner _runner;
    private readonly Channel<PendingAppend> _waiting;
    private readonly ConcurrentQueue<PendingAppend> _pool = new();
    private readonly List<PendingAppend> _batch = [];
    private readonly GatheringPause _gathering = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private long _batchStartedAt; // 0: none in hand
    private readonly RecentWaits _waits;

    public ChatLogWriter(
        NpgsqlDataSource source, ChatLogOptions options, ICommittedEvents sink, TimeProvider time, ILogger<ChatLogWriter> log)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBatchEvents, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxWaitingEvents, 1);
        (_options, _time) = (options, time);
        _runner = new AppendRunner(source, options, sink, time, log);
        _waits = new RecentWaits(time);
        _waiting = Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(options.MaxWaitingEvents) { SingleReader = true });
    }

    /// <summary>Batches whose commit was in doubt, so far.</summary>
    internal long UnknownBatches => _runner.UnknownBatches;

    /// <summary>Events that wait for a batch.</summary>
    public int WaitingEvents => _waiting.Reader.Count;

    /// <summary>For how long the batch in hand has been under way, and PostgreSQL has been silent after it; zero when there is none.</summary>
    public TimeSpan BatchAge => Volatile.Read(ref _batchStartedAt) is not 0 and long startedAt ? _time.GetElapsedTime(startedAt) : TimeSpan.Zero;

    /// <summary>
    /// How long messages waited lately from their acceptance to their commit: of each batch the first, over some batches. Zero when nothing was
    /// stored for a second.
    /// </summary>
    public TimeSpan RecentWait => _waits.Average;

    /// <summary>Starts the loop. Once.</summary>
    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>
    /// Joins the queue before it returns, in the order of the calls: of two events of one chat, the one given first gets the lower
    /// sequence. Does not throw for faults of the storage. The task may be awaited once. What runs after the await runs on a thread shared
    /// with the other waiters of the same batch: it should be short, and it cannot hold the log up.
    /// </summary>
    public ValueTask<AppendOutcome> AppendAsync(NewEvent e)
    {
        long now = _time.GetTimestamp();
        long batchStartedAt = Volatile.Read(ref _batchStartedAt);
        if (batchStartedAt != 0 && _time.GetElapsedTime(batchStartedAt, now) > _options.MaxQueueAge) return RefuseAsync();

        PendingAppend pending = PendingAppend.Rent(_pool);
        ValueTask<AppendOutcome> outcome = pending.BeginAsync(e, now);
        if (_waiting.Writer.TryWrite(pending)) return outcome;

        pending.GiveBack();
        return RefuseAsync();
    }

    /// <summary>Takes no more events, finishes those that wait, and returns when all waiters know their outcomes.</summary>
    public async Task StopAsync()
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _loop;
        await _runner.DisposeAsync();
    }

    /// <summary>As <see cref="StopAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task RunAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            Volatile.Write(ref _batchStartedAt, Math.Max(1, _time.GetTimestamp()));
            if (_gathering.Next(_waiting.Reader.Count) is var pause && pause > TimeSpan.Zero) await Task.Delay(pause, _time);
            await _runner.TakeTurnAsync();
            TakeBatch();
            await StoreBatchAsync();
            Volatile.Write(ref _batchStartedAt, 0);
        }
    }

    private async Task StoreBatchAsync()
    {
        int events = _batch.Count; // those whose deadline is over leave it
        long acceptedAt = _batch[0].AcceptedAt, started = _time.GetTimestamp();
        bool isStored = await _runner.RunAsync(_batch);
        _waits.Add(_time.GetElapsedTime(acceptedAt));
        if (isStored) _gathering.Took(_time.GetElapsedTime(started), events, _time);
        else await WaitForStorageAsync();
    }

    /// <summary>
    /// PostgreSQL was silent for as long as a message may wait: those behind, of which nothing was sent, are told so at once, and so is
    /// who comes before it answers again, because the batch that failed still counts as the one in hand (promise P12).
    /// </summary>
    private Task WaitForStorageAsync()
    {
        List<PendingAppend> behind = [];
        while (_waiting.Reader.TryRead(out PendingAppend? next)) behind.Add(next);
        ChatLogMetrics.Busy.Add(behind.Count);
        AppendRunner.Tell(behind, new AppendOutcome(AppendStatus.Busy, 0, 0, _options.RetryAfter));
        return _runner.ReconnectAsync(_stopping.Token);
    }

    private void TakeBatch()
    {
        _batch.Clear();
        int textLength = 0;
        while (_batch.Count < _options.MaxBatchEvents && _waiting.Reader.TryPeek(out PendingAppend? next))
        {
            textLength += next.Request.Text.Length + (next.Request.Content?.Length ?? 0);
            if (_batch.Count > 0 && textLength > _options.MaxBatchTextLength) break;
            _waiting.Reader.TryRead(out _);
            _batch.Add(next);
        }
    }

    private ValueTask<AppendOutcome> RefuseAsync()
    {
        ChatLogMetrics.Busy.Add(1);
        return new ValueTask<AppendOutcome>(new AppendOutcome(AppendStatus.Busy, 0, 0, _options.RetryAfter));
    }
}

using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using PendingMark = Chat.Storage.Pending<Chat.Storage.Receipts.ReceiptMark, Chat.Storage.Receipts.ReceiptStatus>;

namespace Chat.Storage.Receipts;

/// <summary>
/// Stores watermarks, never backwards and never beyond the head (D12, P8). One loop takes what waits, keeps the highest of each member,
/// and writes all of them in one update. Thread-safe.
/// </summary>
public sealed partial class ReceiptWriter : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly IReceiptSink _sink;
    private readonly ReceiptOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ReceiptWriter> _log;
    private readonly Channel<PendingMark> _waiting;
    private readonly ConcurrentQueue<PendingMark> _pool = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly OwnMarkWriter _own;
    private ReceiptConnection? _connection;
    private Task _loop = Task.CompletedTask;

    public ReceiptWriter(NpgsqlDataSource source, IReceiptSink sink, ReceiptOptions options, TimeProvider time, ILogger<ReceiptWriter> log)
    {
        (_source, _sink, _options, _time, _log) = (source, sink, options, time, log);
        _own = new OwnMarkWriter(source, sink, options, time, log);
        _waiting = Channel.CreateBounded<PendingMark>(new BoundedChannelOptions(options.MaxWaiting) { SingleReader = true });
    }

    /// <summary>Starts the loops. Once.</summary>
    public void Start()
    {
        _loop = Task.Run(RunAsync);
        _own.Start();
    }

    /// <summary>
    /// Raises both watermarks of a sender to its own message, which is in the log. Does not wait: they are stored some seconds later and
    /// nobody is pushed anything, for the message says it all.
    /// </summary>
    public void RaiseOwn(long chatId, long principalId, long sequence) => _own.Raise(chatId, principalId, sequence);

    /// <summary>How far a member has read by writing, if that may not be stored yet; otherwise 0.</summary>
    public long FindOwn(long chatId, long principalId) => _own.Find(chatId, principalId);

    /// <summary>
    /// Raises the watermarks of a member; read raises delivered too. The task may be awaited once; what runs after it should be short.
    /// </summary>
    /// <param name="deliveredUpTo">0 leaves it as it is. Above the head it is taken as the head.</param>
    /// <param name="readUpTo">0 leaves it as it is. Above the head it is taken as the head.</param>
    public ValueTask<ReceiptStatus> MarkAsync(long chatId, long principalId, long deliveredUpTo, long readUpTo)
    {
        PendingMark pending = PendingMark.Rent(_pool);
        ValueTask<ReceiptStatus> status = pending.BeginAsync(
            new ReceiptMark(chatId, principalId, deliveredUpTo, readUpTo), _time.GetTimestamp());
        if (_waiting.Writer.TryWrite(pending)) return status;

        pending.GiveBack();
        return new ValueTask<ReceiptStatus>(ReceiptStatus.Busy);
    }

    /// <summary>Takes no more, stores what waits, and returns when all waiters know.</summary>
    public async Task StopAsync()
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _loop;
        await DropConnectionAsync();
        await _own.StopAsync();
    }

    /// <summary>As <see cref="StopAsync"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _own.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<PendingMark>();
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            long started = _time.GetTimestamp();
            Dictionary<(long ChatId, long PrincipalId), ReceiptMark> marks = Take(batch);
            await StoreAsync(batch, marks);
            TimeSpan rest = _options.MinInterval - _time.GetElapsedTime(started);
            // Watermarks that come meanwhile coalesce. Stopping does not wait for company.
            if (rest > TimeSpan.Zero) await Task.Delay(rest, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Dictionary<(long ChatId, long PrincipalId), ReceiptMark> Take(List<PendingMark> batch)
    {
        var marks = new Dictionary<(long, long), ReceiptMark>();
        batch.Clear();
        while (marks.Count < _options.MaxBatchMembers && _waiting.Reader.TryRead(out PendingMark? pending))
        {
            batch.Add(pending);
            ReceiptMark mark = pending.Request;
            (long, long) key = (mark.ChatId, mark.PrincipalId);
            if (marks.TryGetValue(key, out ReceiptMark other))
                mark = mark with
                {
                    DeliveredUpTo = Math.Max(mark.DeliveredUpTo, other.DeliveredUpTo),
                    ReadUpTo = Math.Max(mark.ReadUpTo, other.ReadUpTo),
                };
            marks[key] = mark;
        }
        return marks;
    }

    /// <summary>
    /// Until it is stored or the deadline passes: a watermark may be stored twice without harm, so no fault needs a closer look.
    /// </summary>
    private async Task StoreAsync(List<PendingMark> batch, Dictionary<(long, long), ReceiptMark> marks)
    {
        TimeSpan pause = _options.MinBackOff;
        while (true)
        {
            try
            {
                _connection ??= await ReceiptConnection.OpenAsync(_source);
                List<ReceiptMark> ordered = [.. marks.Values];
                var found = new bool[ordered.Count];
                List<ReceiptRow> moved = await _connection.ExecuteAsync(ordered, found);
                if (moved.Count > 0) TellSink(moved);

                var missing = new HashSet<(long, long)>();
                for (int i = 0; i < ordered.Count; i++)
                    if (!found[i]) missing.Add((ordered[i].ChatId, ordered[i].PrincipalId));
                foreach (PendingMark pending in batch)
                    pending.Outcome = missing.Contains((pending.Request.ChatId, pending.Request.PrincipalId))
                        ? ReceiptStatus.NotAMember
                        : ReceiptStatus.Stored;
                break;
            }
#pragma warning disable CA1031 // Whatever it is, the loop must go on and the waiters must hear of it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Failed(_log, exception, batch.Count);
                await DropConnectionAsync();
            }

            if (_time.GetElapsedTime(batch[0].AcceptedAt) >= _options.Deadline || _stopping.IsCancellationRequested)
            {
                foreach (PendingMark pending in batch)
                    pending.Outcome = ReceiptStatus.Unavailable;
                break;
            }
            await Task.Delay(pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < _options.MaxBackOff ? pause * 2 : _options.MaxBackOff;
        }
        Completion<ReceiptMark, ReceiptStatus>.Queue(batch);
    }

    private void TellSink(List<ReceiptRow> moved)
    {
        try
        {
            _sink.OnStored(moved);
        }
#pragma warning disable CA1031 // They are stored; the waiters must hear so.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            SinkFailed(_log, exception);
        }
    }

    private async Task DropConnectionAsync()
    {
        if (_connection is { } connection) await connection.DisposeAsync();
        _connection = null;
    }

    [LoggerMessage(EventId = EventIds.ReceiptsFailed, Level = LogLevel.Warning, Message = "Storing {Count} receipts failed")]
    private static partial void Failed(ILogger logger, Exception exception, int count);

    [LoggerMessage(EventId = EventIds.ReceiptSinkFailed, Level = LogLevel.Error, Message = "The receiver of stored receipts failed; the receipts are stored")]
    private static partial void SinkFailed(ILogger logger, Exception exception);
}

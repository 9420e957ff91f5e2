using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.Storage.Receipts;

/// <summary>
/// Notes when watermarks moved (protocol-spec.md §8.5), off the way of receipts: what one member reads in a minute is one row, and what is
/// delivered in ten; all that waits is written together every few seconds. Best effort: a node that is killed loses what it had not written,
/// and the watermarks, which are stored before, stay the truth. See ADR 0031. Thread-safe.
/// </summary>
public sealed partial class ReceiptTimes(
    NpgsqlDataSource source, IReceiptSink next, ReceiptTimesOptions options, TimeProvider time, ILogger<ReceiptTimes> log)
    : IReceiptSink, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ReceiptMinuteKey, ReceiptMoves> _waiting = [];
    private readonly Queue<ReceiptMinuteKey> _order = new(); // as they came: the oldest are written, or given up, first
    private readonly CancellationTokenSource _stopping = new();
    private List<KeyValuePair<ReceiptMinuteKey, ReceiptMoves>> _batch = []; // the loop's own; until it is written
    private Task _loop = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>Minutes of members that are not written yet, without those that are being written.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>Starts the loop. Once.</summary>
    public void Start() => _loop = Task.Run(RunAsync);

    public void OnStored(IReadOnlyList<ReceiptRow> changed)
    {
        Note(changed);
        next.OnStored(changed);
    }

    public void OnReadByWriting(IReadOnlyList<ReceiptRow> changed)
    {
        Note(changed);
        next.OnReadByWriting(changed);
    }

    /// <summary>Writes what waits, and returns. If storage does not answer, the rest is given up.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        await WriteAllAsync();
        GiveUp();
    }

    /// <summary>As <see cref="StopAsync"/>. May be called again: a container that knows it by two names does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        await StopAsync();
        _stopping.Dispose();
    }

    private void Note(IReadOnlyList<ReceiptRow> changed)
    {
        if (options.KeptDays == 0) return;

        DateTimeOffset now = time.GetUtcNow();
        int lost = 0;
        lock (_gate)
        {
            foreach (ReceiptRow row in changed)
            {
                if (row.MemberCount < 2 || row.MemberCount > options.MaxChatMembers) continue;
                ReceiptMoves moves = ReceiptMoves.Of(row);
                int minute = ReceiptTimeStore.MinuteOf(row.RaisedAt ?? now);
                // Devices say by themselves what they got, so that a group's every message would be a row of each member. What is delivered by
                // being read, or written, is in the row of the reading.
                if (!moves.Read.IsNone) Hold(new(row.ChatId, row.PrincipalId, minute), moves);
                else if (!moves.Delivered.IsNone) Hold(new(row.ChatId, row.PrincipalId, ReceiptTimeStore.StepOf(minute)), moves);
            }

            for (; _waiting.Count > options.MaxWaiting; lost++) _waiting.Remove(_order.Dequeue());
        }
        if (lost > 0) ReceiptTimesMetrics.Lost.Add(lost);
    }

    private void Hold(ReceiptMinuteKey key, ReceiptMoves moves)
    {
        if (_waiting.TryGetValue(key, out ReceiptMoves held)) moves = held.With(moves);
        else _order.Enqueue(key);
        _waiting[key] = moves;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            await Task.Delay(options.WriteInterval, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested) return;
            await WriteAllAsync();
        }
    }

    /// <summary>Until nothing waits, or storage does not take it: then it waits for the next turn, a batch that was begun first.</summary>
    private async Task WriteAllAsync()
    {
        while (true)
        {
            if (_batch.Count == 0) _batch = Take();
            if (_batch.Count == 0) return;

            try
            {
                await using NpgsqlConnection connection = await source.OpenConnectionAsync();
                await ReceiptTimesSql.WriteAsync(connection, _batch);
            }
#pragma warning disable CA1031 // Whatever it is, the loop must go on; the batch stays, and writing it twice does no harm.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Failed(log, exception, _batch.Count);
                return;
            }

            ReceiptTimesMetrics.Written.Add(_batch.Count);
            _batch = [];
        }
    }

    private List<KeyValuePair<ReceiptMinuteKey, ReceiptMoves>> Take()
    {
        List<KeyValuePair<ReceiptMinuteKey, ReceiptMoves>> taken = [];
        lock (_gate)
        {
            while (taken.Count < ReceiptTimesSql.MaxRows && _order.TryDequeue(out ReceiptMinuteKey key))
            {
                _waiting.Remove(key, out ReceiptMoves moves);
                taken.Add(new(key, moves));
            }
        }
        taken.Sort((one, other) => one.Key.CompareTo(other.Key));
        return taken;
    }

    private void GiveUp()
    {
        int lost = _batch.Count;
        _batch = [];
        lock (_gate)
        {
            lost += _waiting.Count;
            _waiting.Clear();
            _order.Clear();
        }
        if (lost > 0) ReceiptTimesMetrics.Lost.Add(lost);
    }

    [LoggerMessage(EventId = EventIds.ReceiptTimesFailed, Level = LogLevel.Warning, Message = "Writing when {Count} watermarks moved failed; it is tried again")]
    private static partial void Failed(ILogger logger, Exception exception, int count);
}

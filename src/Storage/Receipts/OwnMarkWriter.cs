using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.Storage.Receipts;

/// <summary>
/// Watermarks that members raised by writing (protocol-spec.md §8.5). Every client knows them from the message itself, so they are stored
/// late and pushed to nobody; what this node answers meanwhile counts them through <see cref="Find"/>. A crash loses those not yet stored:
/// the sender's next mark or message heals them. Thread-safe. See ADR 0012.
/// </summary>
internal sealed partial class OwnMarkWriter(
    NpgsqlDataSource source, IReceiptSink sink, ReceiptOptions options, TimeProvider time, ILogger log) : IAsyncDisposable
{
    /// <summary>Part of what waits that is stored at once when it is more than a batch: the busier, the longer marks coalesce.</summary>
    private const int Share = 4;

    private readonly ConcurrentDictionary<(long ChatId, long PrincipalId), OwnMark> _marks = new();
    private readonly ConcurrentQueue<(long ChatId, long PrincipalId)> _order = new();
    private readonly CancellationTokenSource _stopping = new();
    private List<ReceiptMark> _stored = [];
    private ReceiptConnection? _connection;
    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = Task.Run(RunAsync);

    public void Raise(long chatId, long principalId, long sequence)
    {
        (long, long) key = (chatId, principalId);
        OwnMark mark = new(sequence, time.GetUtcNow());
        while (true)
        {
            if (_marks.TryGetValue(key, out OwnMark held))
            {
                if (held.Sequence >= sequence || _marks.TryUpdate(key, mark, held)) return;
            }
            else if (_marks.TryAdd(key, mark))
            {
                _order.Enqueue(key);
                return;
            }
        }
    }

    /// <summary>The mark that may not be stored yet; 0 if there is none.</summary>
    public long Find(long chatId, long principalId) => _marks.GetValueOrDefault((chatId, principalId)).Sequence;

    /// <summary>Stores what waits, and returns. If storage does not answer, the rest is given up.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        bool goesOn = true;
        while (goesOn && !_marks.IsEmpty) goesOn = await StoreShareAsync(_marks.Count);
        _marks.Clear();
        _order.Clear();
        await DropConnectionAsync();
    }

    /// <summary>As <see cref="StopAsync"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            await Task.Delay(options.OwnMarkInterval, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested) return;
            await StoreShareAsync(Math.Max(options.MaxBatchMembers, _order.Count / Share));
        }
    }

    /// <summary>In transactions of a bounded size: one that takes too long must not be followed by a longer one.</summary>
    private async Task<bool> StoreShareAsync(int share)
    {
        Settle();
        for (int left = share; left > 0; left -= options.MaxBatchMembers)
            if (!await StoreAsync(Math.Min(left, options.MaxBatchMembers))) return false;
        return true;
    }

    private async Task<bool> StoreAsync(int count)
    {
        var marks = new List<ReceiptMark>();
        while (marks.Count < count && _order.TryDequeue(out (long ChatId, long PrincipalId) key))
            if (_marks.TryGetValue(key, out OwnMark mark))
                marks.Add(new ReceiptMark(key.ChatId, key.PrincipalId, mark.Sequence, mark.Sequence, mark.RaisedAt));
        if (marks.Count == 0) return true;

        try
        {
            _connection ??= await ReceiptConnection.OpenAsync(source);
            List<ReceiptRow> moved = await _connection.ExecuteAsync(marks, new bool[marks.Count]); // who left meanwhile has no watermark any more
            _stored.AddRange(marks);
            if (moved.Count > 0) sink.OnReadByWriting(moved);
            return true;
        }
#pragma warning disable CA1031 // Whatever it is, the loop must go on; the marks stay and are tried again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Failed(log, exception, marks.Count);
            foreach (ReceiptMark mark in marks) _order.Enqueue((mark.ChatId, mark.PrincipalId));
            await DropConnectionAsync();
            return false;
        }
    }

    /// <summary>
    /// Forgets what was stored one turn ago: a reader whose snapshot is older than the storing still found it here. What rose since waits
    /// again.
    /// </summary>
    private void Settle()
    {
        foreach (ReceiptMark mark in _stored)
            if (!_marks.TryRemove(new((mark.ChatId, mark.PrincipalId), new OwnMark(mark.ReadUpTo, mark.RaisedAt!.Value))))
                _order.Enqueue((mark.ChatId, mark.PrincipalId));
        _stored = [];
    }

    /// <summary>The last message of a member, and when it was raised to it: of what one turn stores, nothing was read later.</summary>
    private readonly record struct OwnMark(long Sequence, DateTimeOffset RaisedAt);

    private async Task DropConnectionAsync()
    {
        if (_connection is { } connection) await connection.DisposeAsync();
        _connection = null;
    }

    [LoggerMessage(EventId = EventIds.OwnMarksFailed, Level = LogLevel.Warning, Message = "Storing {Count} watermarks of senders failed")]
    private static partial void Failed(ILogger logger, Exception exception, int count);
}

using Chat.Storage;
using Chat.Storage.Accounts;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Accounts.Issuers;

/// <summary>
/// Reads the accounts of all tokens that wait in one query, so that people of an app who come back at once cost a few dozen (ADR 0010). Notes in
/// the same go when their devices were last used. Thread-safe; it works while somebody waits, and holds no thread else.
/// </summary>
public sealed partial class IssuedAccountReads(IssuedAccountStore store, ILogger<IssuedAccountReads> log)
{
    private const int MaxBatch = 256;

    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _waiting = [];
    private bool _isReading;

    /// <summary>What there is of the person and the sign-in; null where the person is new.</summary>
    internal Task<IssuedRow?> ReadAsync(IssuedEntry entry)
    {
        Waiting waiting = new(entry, new TaskCompletionSource<IssuedRow?>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            _waiting.Enqueue(waiting);
            if (_isReading) return waiting.Result.Task;
            _isReading = true;
        }

        _ = Task.Run(ReadAllAsync);
        return waiting.Result.Task;
    }

    private async Task ReadAllAsync()
    {
        List<Waiting> batch = [];
        while (TakeBatch(batch)) await ReadBatchAsync(batch);
    }

    private bool TakeBatch(List<Waiting> batch)
    {
        batch.Clear();
        lock (_gate)
        {
            while (batch.Count < MaxBatch && _waiting.TryDequeue(out Waiting? waiting)) batch.Add(waiting);
            return _isReading = batch.Count > 0;
        }
    }

    private async Task ReadBatchAsync(List<Waiting> batch)
    {
        try
        {
            IReadOnlyList<IssuedRow?> rows = await store.ReadAsync([.. batch.Select(waiting => waiting.Entry.Key)], CancellationToken.None);
            await TouchAsync(batch, rows);
            for (int i = 0; i < batch.Count; i++) batch[i].Result.SetResult(rows[i]);
        }
#pragma warning disable CA1031 // Whatever it is, those who wait have to hear of it; the boundary judges and logs it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            foreach (Waiting waiting in batch)
            {
                waiting.Result.SetException(fault);
                _ = waiting.Result.Task.Exception; // seen, though nobody may wait any more
            }
        }
    }

    /// <summary>
    /// Most come with a token that was seen before, by this node or another: they write nothing. What cannot be written for the moment refuses nobody.
    /// </summary>
    private async Task TouchAsync(List<Waiting> batch, IReadOnlyList<IssuedRow?> rows)
    {
        (long DeviceId, long UsedAt)[] used =
        [
            .. batch.Select((waiting, i) => (Row: rows[i], waiting.Entry.IssuedAt))
                .Where(one => one.Row is { DeviceId: not null, IsSignedOut: false, IsBlocked: false } && one.Row.LastUsedAt < one.IssuedAt)
                .GroupBy(one => one.Row!.DeviceId!.Value)
                .Select(device => (device.Key, device.Max(one => one.IssuedAt))),
        ];
        if (used.Length == 0) return;
        try
        {
            await store.TouchAsync(used, CancellationToken.None);
        }
        catch (Exception fault) when (DatabaseOutage.IsPassing(fault))
        {
            NotNoted(log, fault, used.Length);
        }
    }

    [LoggerMessage(EventId = EventIds.IssuedUseNotNoted, Level = LogLevel.Warning, Message = "It could not be noted when {Devices} devices were used last; their next tokens say it again")]
    private static partial void NotNoted(ILogger logger, Exception exception, int devices);

    private sealed record Waiting(IssuedEntry Entry, TaskCompletionSource<IssuedRow?> Result);
}

using Chat.Storage.Accounts;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Presence;

/// <summary>Brings last-seen times to storage, many in one statement, one statement at a time. Thread-safe.</summary>
internal sealed class LastSeenWriter(PrincipalStore principals, ILogger log)
{
    private const int MaxBatch = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, DateTimeOffset> _unsaved = [];
    private Task<bool> _saving = Task.FromResult(true);

    /// <summary>The newest run of <see cref="SaveAsync"/>.</summary>
    public Task<bool> Saving
    {
        get
        {
            lock (_gate) return _saving;
        }
    }

    public void Offer(long principalId, DateTimeOffset at)
    {
        lock (_gate) _unsaved[principalId] = at;
    }

    /// <summary>A time that storage may not have yet.</summary>
    public DateTimeOffset? Find(long principalId)
    {
        lock (_gate) return _unsaved.TryGetValue(principalId, out DateTimeOffset at) ? at : null;
    }

    /// <summary>Stores what is waiting. False when storage failed: what was not stored waits on.</summary>
    public Task<bool> SaveAsync()
    {
        lock (_gate)
        {
            if (_saving.IsCompleted && _unsaved.Count > 0) _saving = RunAsync();
            return _saving;
        }
    }

    private async Task<bool> RunAsync()
    {
        await Task.Yield(); // out of the gate, which the caller holds
        try
        {
            while (Take() is { Count: > 0 } batch)
            {
                await principals.TouchLastSeenAsync(batch, CancellationToken.None);
                Forget(batch);
            }

            return true;
        }
        catch (Exception e)
        {
            PresenceLog.SaveFailed(log, e);
            return false;
        }
    }

    private List<(long PrincipalId, DateTimeOffset At)> Take()
    {
        List<(long PrincipalId, DateTimeOffset At)> batch = [];
        lock (_gate)
        {
            foreach ((long id, DateTimeOffset at) in _unsaved)
            {
                if (batch.Count == MaxBatch) break;
                batch.Add((id, at));
            }
        }

        return batch;
    }

    private void Forget(List<(long PrincipalId, DateTimeOffset At)> batch)
    {
        lock (_gate)
        {
            foreach ((long id, DateTimeOffset at) in batch)
            {
                if (_unsaved.TryGetValue(id, out DateTimeOffset newest) && newest == at) _unsaved.Remove(id);
            }
        }
    }
}

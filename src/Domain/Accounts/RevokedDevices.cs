using System.Collections.Concurrent;

namespace Chat.Domain.Accounts;

/// <summary>
/// Devices signed out lately on this node, kept as long as an access token of theirs could still live. After a restart the sign-in of a
/// session asks the database, which knows for good.
/// </summary>
internal sealed class RevokedDevices(TimeSpan keep, TimeProvider time)
{
    private readonly ConcurrentDictionary<long, long> _addedAt = new();
    private readonly Queue<long> _byAge = new();
    private readonly Lock _gate = new(); // around adding and forgetting, which are rare; looking up takes no lock

    public bool Contains(long deviceId) => _addedAt.ContainsKey(deviceId);

    public void Add(long deviceId)
    {
        lock (_gate)
        {
            if (_addedAt.TryAdd(deviceId, time.GetTimestamp())) _byAge.Enqueue(deviceId);

            while (_byAge.TryPeek(out long oldest) && time.GetElapsedTime(_addedAt[oldest]) > keep)
                _addedAt.TryRemove(_byAge.Dequeue(), out _);
        }
    }
}

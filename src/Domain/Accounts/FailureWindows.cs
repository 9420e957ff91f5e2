namespace Chat.Domain.Accounts;

/// <summary>
/// Counts recent failures, or attempts, per key in a sliding window, for a bounded number of keys: the one unused longest is forgotten first. Not
/// thread-safe; the throttle's gate is held around every call.
/// </summary>
internal sealed class FailureWindows(int maxFailures, TimeSpan window, int maxKeys, TimeProvider time)
{
    private readonly Dictionary<string, LinkedListNode<Entry>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();

    public int Count => _byKey.Count;

    /// <summary>How long until one more failure is borne; zero when it is borne now.</summary>
    public TimeSpan WaitFor(string key, long now)
    {
        if (!_byKey.TryGetValue(key, out LinkedListNode<Entry>? node)) return TimeSpan.Zero;

        Forget(node.Value, now);
        return node.Value.Failures.Count < maxFailures ? TimeSpan.Zero : window - time.GetElapsedTime(node.Value.Failures[0], now);
    }

    public void Add(string key, long now)
    {
        if (_byKey.TryGetValue(key, out LinkedListNode<Entry>? node))
        {
            _byUse.Remove(node);
        }
        else
        {
            if (_byKey.Count >= maxKeys) Remove(_byUse.First!);
            node = new LinkedListNode<Entry>(new Entry(key));
            _byKey[key] = node;
        }

        _byUse.AddLast(node);
        node.Value.Failures.Add(now);
    }

    /// <summary>Takes back the newest failure of the key, if there is one.</summary>
    public void TakeBack(string key)
    {
        if (!_byKey.TryGetValue(key, out LinkedListNode<Entry>? node)) return;

        List<long> failures = node.Value.Failures;
        if (failures.Count > 0) failures.RemoveAt(failures.Count - 1);
        if (failures.Count == 0) Remove(node);
    }

    public void Reset(string key)
    {
        if (_byKey.TryGetValue(key, out LinkedListNode<Entry>? node)) Remove(node);
    }

    /// <summary>Forgets the failures of all keys that begin so; a look at each that is remembered.</summary>
    public void ResetAll(string prefix)
    {
        foreach (LinkedListNode<Entry> node in _byKey.Values.Where(node => node.Value.Key.StartsWith(prefix, StringComparison.Ordinal)).ToArray())
            Remove(node);
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byKey.Remove(node.Value.Key);
        _byUse.Remove(node);
    }

    private void Forget(Entry entry, long now)
    {
        int old = 0;
        while (old < entry.Failures.Count && time.GetElapsedTime(entry.Failures[old], now) >= window) old++;
        entry.Failures.RemoveRange(0, old);
    }

    private sealed record Entry(string Key)
    {
        /// <summary>Timestamps of <see cref="TimeProvider.GetTimestamp"/>, oldest first; never more than the limit.</summary>
        public List<long> Failures { get; } = [];
    }
}

namespace Chat.Domain.Accounts;

/// <summary>Remembers the most recently used keys, a bounded number of them. Not thread-safe; its owner holds a gate.</summary>
internal sealed class RecentKeys(int maxKeys)
{
    private readonly Dictionary<string, LinkedListNode<string>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _byUse = new();

    public int Count => _byKey.Count;

    public bool Contains(string key) => _byKey.ContainsKey(key);

    public void Add(string key)
    {
        if (_byKey.Remove(key, out LinkedListNode<string>? node))
        {
            _byUse.Remove(node);
        }
        else if (_byKey.Count >= maxKeys)
        {
            _byKey.Remove(_byUse.First!.Value);
            _byUse.RemoveFirst();
        }

        _byKey[key] = _byUse.AddLast(key);
    }
}

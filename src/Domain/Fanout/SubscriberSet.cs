namespace Chat.Domain.Fanout;

/// <summary>The sessions of a silent chat in as little memory as can be: an array that grows by doubling. Not thread-safe.</summary>
internal struct SubscriberSet
{
    private ISubscriber[]? _items;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<ISubscriber> AsSpan() => _items.AsSpan(0, Count);

    public void Add(ISubscriber subscriber)
    {
        if (IndexOf(subscriber) >= 0) return;
        if (_items is null) _items = new ISubscriber[2];
        else if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
        _items[Count++] = subscriber;
    }

    public void Remove(ISubscriber subscriber)
    {
        int index = IndexOf(subscriber);
        if (index < 0) return;
        _items![index] = _items[--Count];
        _items[Count] = null!;
    }

    private readonly int IndexOf(ISubscriber subscriber)
    {
        ReadOnlySpan<ISubscriber> items = AsSpan();
        for (int i = 0; i < items.Length; i++)
            if (ReferenceEquals(items[i], subscriber)) return i;
        return -1;
    }
}

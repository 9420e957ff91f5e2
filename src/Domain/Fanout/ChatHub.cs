using Chat.Storage;

namespace Chat.Domain.Fanout;

/// <summary>What a node keeps in memory of a chat that speaks: its ring, its subscriptions and how far its log was applied here.</summary>
/// <remarks>Caller holds the chat's shard lock for every member but <see cref="Ring"/> reads and <see cref="Applied"/>.</remarks>
internal sealed class ChatHub(long chatId, long applied)
{
    private readonly Dictionary<long, Subscription> _bySession = [];
    private Subscription[] _subscriptions = new Subscription[2];
    private SortedDictionary<long, EventRow>? _ahead;
    private long _applied = applied;

    public long ChatId => chatId;

    public MessageRing Ring { get; } = new();

    public int Count { get; private set; }

    /// <summary>Highest sequence such that it and everything below it was put into the ring or was there before the hub.</summary>
    public long Applied => Volatile.Read(ref _applied);

    public long LastWriteMs { get; private set; }

    /// <summary>Events wait behind a hole in the log.</summary>
    public bool HasHole => _ahead is { Count: > 0 };

    /// <summary>The missing range, both ends included. Only while <see cref="HasHole"/>.</summary>
    public (long From, long To) Hole => (_applied + 1, _ahead!.First().Key - 1);

    public void Add(ISubscriber subscriber)
    {
        if (_bySession.ContainsKey(subscriber.SessionId)) return;
        Subscription subscription = new(this, subscriber, Ring.Tail) { Slot = Count };
        _bySession.Add(subscriber.SessionId, subscription);
        if (Count == _subscriptions.Length) Array.Resize(ref _subscriptions, Count * 2);
        _subscriptions[Count++] = subscription;
    }

    /// <summary>The subscribers, copied.</summary>
    public ISubscriber[] Subscribers()
    {
        ISubscriber[] subscribers = new ISubscriber[Count];
        for (int i = 0; i < Count; i++) subscribers[i] = _subscriptions[i].Subscriber;
        return subscribers;
    }

    /// <summary>Takes a session out. What is in the ring now is still sent to it.</summary>
    public void Remove(long sessionId)
    {
        if (!_bySession.Remove(sessionId, out Subscription? subscription)) return;
        subscription.EndHere();
        Subscription last = _subscriptions[--Count];
        (_subscriptions[subscription.Slot], last.Slot) = (last, subscription.Slot);
        _subscriptions[Count] = null!;
    }

    /// <summary>Judges an event by its sequence: next, known, or ahead of a hole (then it is kept aside).</summary>
    /// <returns>True when it is the next one and must be published now.</returns>
    public bool Accept(EventRow row)
    {
        if (row.Sequence <= _applied) return false;
        if (row.Sequence == _applied + 1 || _applied == ChatTable.UnknownHead)
        {
            Volatile.Write(ref _applied, row.Sequence);
            return true;
        }

        (_ahead ??= []).TryAdd(row.Sequence, row);
        return false;
    }

    /// <summary>The event that waited for the one just published, if any; it is published next.</summary>
    public EventRow? TakeNext()
    {
        if (_ahead is null) return null;
        while (_ahead.Count > 0)
        {
            (long sequence, EventRow row) = _ahead.First();
            if (sequence > _applied + 1) return null;
            _ahead.Remove(sequence);
            if (sequence == _applied + 1)
            {
                Volatile.Write(ref _applied, sequence);
                return row;
            }
        }

        return null;
    }

    /// <summary>Puts a push into the ring and marks every subscription.</summary>
    public void Publish(byte[] frame, long exceptSessionId, long nowMs)
    {
        LastWriteMs = nowMs;
        Ring.Write(frame, exceptSessionId, nowMs);
        ReadOnlySpan<Subscription> subscriptions = _subscriptions.AsSpan(0, Count);
        foreach (Subscription subscription in subscriptions) subscription.Wake();
    }

    public bool IsIdle(long nowMs, long idleMs)
    {
        if (nowMs - LastWriteMs < idleMs || HasHole) return false;
        foreach (Subscription subscription in _subscriptions.AsSpan(0, Count))
            if (!subscription.IsDrained) return false;
        return true;
    }
}

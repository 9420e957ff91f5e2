namespace Chat.Domain.Fanout;

/// <summary>What a hub made of an event.</summary>
internal enum Acceptance : byte
{
    /// <summary>It is the next one: it must be published now.</summary>
    Next,

    /// <summary>It was applied before.</summary>
    Known,

    /// <summary>Something in front of it is missing: it waits, or is read again in its turn.</summary>
    Early,
}

/// <summary>A missing range of a chat's log, both ends included.</summary>
/// <param name="IsTail">Nothing came after it: only somebody's word tells that it is there.</param>
internal readonly record struct LogHole(long From, long To, bool IsTail);

/// <summary>What a node keeps in memory of a chat that speaks: its ring, its subscriptions and how far its log was applied here.</summary>
/// <remarks>Caller holds the chat's shard lock for every member but <see cref="Ring"/> reads and <see cref="Applied"/>.</remarks>
/// <param name="chatId">The chat.</param>
/// <param name="applied">How far its log needs no applying here: the memberships of all who are in it were read no earlier.</param>
/// <param name="budget">What early events take their memory from.</param>
internal sealed class ChatHub(long chatId, long applied, EarlyEventBudget budget)
{
    /// <summary>
    /// A push of a slow chat is let go when all have it. Kept until sixteen others came, it would live for minutes, and the old generation of
    /// a node with ten thousand such chats grew by half a megabyte a second until its next collection.
    /// </summary>
    private const int SlowMs = 1_000;

    /// <summary>
    /// Of a quick chat, what all have read is let go after so many writes. Kept until its place was needed it lived for seconds and died in the
    /// old generation, which grew by 4.5 MB a second on each of three nodes at 28,000 messages a second.
    /// </summary>
    private const int LookAfter = MessageRing.InitialCapacity;

    /// <summary>Who was removed is no subscription any more and may still be getting what was in the ring: nothing is let go before its place is needed.</summary>
    private const int DepartureMs = MessageRing.GrowthWindowMs;

    private readonly Dictionary<long, Subscription> _bySession = [];
    private Subscription[] _subscriptions = new Subscription[2];
    private EarlyEvents? _early;
    private long _applied = applied;
    private long _target = applied;
    private bool _hasDeparted;
    private long _departedMs = long.MinValue / 2;

    public long ChatId => chatId;

    public MessageRing Ring { get; } = new();

    public int Count { get; private set; }

    /// <summary>Highest sequence such that it and everything below it was put into the ring or was there before the hub.</summary>
    public long Applied => Volatile.Read(ref _applied);

    public long LastWriteMs { get; private set; }

    /// <summary>Everything above it, up to <see cref="Applied"/>, was applied here, departures included.</summary>
    public long Base { get; } = applied;

    /// <summary>Something is missing: events wait behind it, or the log is known to go further.</summary>
    public bool HasHole => _target > _applied || _early is { Count: > 0 };

    /// <summary>The first missing range. Only while <see cref="HasHole"/>.</summary>
    public LogHole Hole =>
        _early is { Count: > 0 } ? new LogHole(_applied + 1, _early.First - 1, IsTail: false) : new LogHole(_applied + 1, _target, IsTail: true);

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
        _hasDeparted = true;
        Subscription last = _subscriptions[--Count];
        (_subscriptions[subscription.Slot], last.Slot) = (last, subscription.Slot);
        _subscriptions[Count] = null!;
    }

    /// <summary>Judges an event by its sequence. One that is ahead of a hole is kept aside.</summary>
    public Acceptance Accept(in SequencedPush push)
    {
        if (push.Sequence <= _applied) return Acceptance.Known;
#if PLANTED_BUGS
        if (PlantedBug.Is("gap-detection-off")) _applied = push.Sequence - 1;
#endif
        if (push.Sequence == _applied + 1)
        {
            Volatile.Write(ref _applied, push.Sequence);
            return Acceptance.Next;
        }

        if (!(_early ??= new EarlyEvents(budget)).TryKeep(push)) MustReach(push.Sequence);
        return Acceptance.Early;
    }

    /// <summary>The event that waited for the one just published; it is published next.</summary>
    public bool TryTakeNext(out SequencedPush push)
    {
        while (_early is { Count: > 0 } && _early.First <= _applied + 1)
        {
            push = _early.TakeFirst();
            if (push.Sequence <= _applied) continue;
            Volatile.Write(ref _applied, push.Sequence);
            return true;
        }

        push = default;
        return false;
    }

    /// <summary>The log is said to go at least this far: until it was applied up to there, something is missing.</summary>
    public void MustReach(long sequence)
    {
        if (sequence > _target) _target = sequence;
    }

    /// <summary>The log goes only this far: whatever claimed more was not true.</summary>
    public void LogEndsAt(long head)
    {
        _target = Math.Min(_target, Math.Max(head, _applied));
        _early?.DropAbove(head);
    }

    /// <summary>Puts a push into the ring and marks every subscription.</summary>
    public void Publish(byte[] frame, long exceptSessionId, long nowMs)
    {
        if (_hasDeparted) (_hasDeparted, _departedMs) = (false, nowMs);
        ReleaseRead(nowMs);
        LastWriteMs = nowMs;
        Ring.Write(frame, exceptSessionId, nowMs);
        ReadOnlySpan<Subscription> subscriptions = _subscriptions.AsSpan(0, Count);
        foreach (Subscription subscription in subscriptions) subscription.Wake();
    }

    /// <summary>Lets go of what everybody has read: of a slow chat when it is all, of a quick one from time to time.</summary>
    public void ReleaseRead(long nowMs)
    {
        if (Ring.Start == Ring.Tail) return;
        if (nowMs - LastWriteMs >= SlowMs)
        {
            if (IsDrained()) Ring.ReleaseBefore(Ring.Tail);
        }
        else if (Ring.Tail % LookAfter == 0 && nowMs - _departedMs >= DepartureMs)
        {
            Ring.ReleaseBefore(ReadByAll());
        }
    }

    public bool IsIdle(long nowMs, long idleMs) => nowMs - LastWriteMs >= idleMs && !HasHole && IsDrained();

    /// <summary>The index up to which all have read.</summary>
    private long ReadByAll()
    {
        long read = Ring.Tail;
        foreach (Subscription subscription in _subscriptions.AsSpan(0, Count)) read = Math.Min(read, subscription.ReadTo);
        return read;
    }

    private bool IsDrained() => ReadByAll() == Ring.Tail;
}

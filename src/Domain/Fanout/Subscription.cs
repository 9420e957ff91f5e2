namespace Chat.Domain.Fanout;

/// <summary>What a pump should do after <see cref="Subscription.Read"/>.</summary>
public enum SubscriptionRead : byte
{
    /// <summary>Nothing to send.</summary>
    Empty,

    /// <summary>The gather buffer holds bytes to send; then <see cref="Subscription.Advance"/>.</summary>
    Bytes,

    /// <summary>The cursor fell off the ring: send a <c>gap</c> push for the chat; the cursor stands at the tail already.</summary>
    Gap,
}

/// <summary>A session's live interest in one chat: a cursor into the chat's ring. Nothing is copied per receiver.</summary>
/// <remarks>The cursor belongs to the session's pump; everything else may be touched from any thread.</remarks>
public sealed class Subscription
{
    private readonly ChatHub _hub;
    private long _cursor;
    private long _end = long.MaxValue;
    private int _scheduled;

    internal Subscription(ChatHub hub, ISubscriber subscriber, long cursor)
    {
        _hub = hub;
        Subscriber = subscriber;
        _cursor = cursor;
    }

    public ISubscriber Subscriber { get; }

    public long ChatId => _hub.ChatId;

    /// <summary>Newest sequence that went into the ring; what a <c>gap</c> push names.</summary>
    public long HeadSequence => Math.Max(0, _hub.Applied);

    /// <summary>The next one in the list of those that have something to send; belongs to whoever was woken.</summary>
    public Subscription? NextReady { get; set; }

    /// <summary>Place in the hub's list; kept by the hub for removal without a search.</summary>
    internal int Slot { get; set; }

    /// <summary>Index of the first push that it has not read.</summary>
    internal long ReadTo => Volatile.Read(ref _cursor);

    /// <summary>Schedules this subscription on its pump unless it is scheduled already.</summary>
    public void Wake()
    {
        if (TrySchedule()) Subscriber.Wake(this);
    }

    /// <summary>
    /// Marks it as scheduled. For a pump that has more to read of it and keeps its place: by <see cref="Wake"/> it would come behind what was
    /// woken since, and that may be the same session's next membership in this chat, whose events are later ones.
    /// </summary>
    /// <returns>False when it is in a list, or just about to be put in one, already.</returns>
    public bool TrySchedule() => Volatile.Read(ref _scheduled) == 0 && Interlocked.Exchange(ref _scheduled, 1) == 0;

    /// <summary>Gathers what lies between the cursor and the tail. Pump only; clears the scheduled mark first, so no wake is lost.</summary>
    public SubscriptionRead Read(GatherBuffer buffer, out long to)
    {
        Volatile.Write(ref _scheduled, 0);
        Interlocked.MemoryBarrier();
        do
        {
            long end = Math.Min(_hub.Ring.Tail, Volatile.Read(ref _end));
            to = _cursor;
            if (_cursor >= end) return SubscriptionRead.Empty;
            if (!buffer.TryGather(_hub.Ring, _cursor, end, Subscriber.SessionId, out to))
            {
                Volatile.Write(ref _cursor, end);
#if PLANTED_BUGS
                if (PlantedBug.Is("drop-on-full")) return SubscriptionRead.Empty;
#endif
                return SubscriptionRead.Gap;
            }

            if (!buffer.Bytes.IsEmpty) return SubscriptionRead.Bytes;
        }
        while (Advance(to)); // nothing of what is shared is for this session, and that may end before the ring does

        return SubscriptionRead.Empty;
    }

    /// <summary>Moves the cursor behind what was sent. Pump only.</summary>
    /// <returns>True when there is more to read.</returns>
    public bool Advance(long to)
    {
#if PLANTED_BUGS
        if (PlantedBug.Is("ring-off-by-one") && (to & (_hub.Ring.Capacity - 1)) == 0) to++;
#endif
        Volatile.Write(ref _cursor, to);
        return to < Math.Min(_hub.Ring.Tail, Volatile.Read(ref _end));
    }

    /// <summary>Ends the subscription behind what is in the ring now: the last thing a removed member gets is its removal.</summary>
    internal void EndHere() => Volatile.Write(ref _end, _hub.Ring.Tail);
}

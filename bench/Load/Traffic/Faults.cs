namespace Chat.Load.Traffic;

/// <summary>What went wrong in a run, counted over all of it.</summary>
internal readonly record struct Faults
{
    /// <summary>Pairs of a stored message and a member who did not get it; of a peer without acks, of a sent one.</summary>
    public long Lost { get; init; }

    /// <summary>Deliveries that a connection got twice.</summary>
    public long Duplicated { get; init; }

    /// <summary>Events that a connection got after a later one.</summary>
    public long OutOfOrder { get; init; }

    /// <summary>Another text, or another message at the same sequence, than was sent.</summary>
    public long Corrupted { get; init; }

    /// <summary>Messages refused for good.</summary>
    public long Refused { get; init; }

    /// <summary>Messages without a final answer at the end.</summary>
    public long Unanswered { get; init; }

    /// <summary>Replies that asked to come again; no fault, the message was sent again.</summary>
    public long Busy { get; init; }

    /// <summary>Gap pushes, each followed by a reading of history; no fault.</summary>
    public long Gaps { get; init; }

    /// <summary>Ephemeral pushes that did not come, which the protocol allows; no fault.</summary>
    public long Dropped { get; init; }
}

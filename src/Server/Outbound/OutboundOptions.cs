namespace Chat.Server.Outbound;

/// <summary>How much a connection may be behind, before it is cut. Section <c>Outbound</c>.</summary>
public sealed record OutboundOptions
{
    /// <summary>Bytes of replies and direct pushes one connection may have unsent before it is cut as a slow consumer. Default 1 MiB.</summary>
    public int MaxQueuedBytes { get; init; } = 1 << 20;

    /// <summary>Longest time without progress while the peer does not read. Default 10 s.</summary>
    public TimeSpan MaxStall { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxQueuedBytes < 65_536) yield return $"Outbound:MaxQueuedBytes is {MaxQueuedBytes}; give at least 65536 bytes.";
        if (MaxStall < TimeSpan.FromSeconds(1)) yield return $"Outbound:MaxStall is {MaxStall}; give at least 00:00:01.";
    }
}

namespace Chat.Chaos.Proxy;

/// <summary>How one direction of a link behaves. Immutable.</summary>
internal sealed record LinkConditions
{
    public static LinkConditions Good { get; } = new();

    /// <summary>Time from the arrival of bytes to their sending on. Bytes keep their order. Default 0.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Each piece is delayed by up to as much more or less than <see cref="Delay"/>. Default 0.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Most bytes in a second. Zero: no bound. Default 0.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>Nothing passes, and nothing is lost: bytes wait, then back-pressure reaches the sender. Default false.</summary>
    public bool IsStalled { get; init; }

    /// <summary>The connection is reset when it has passed this many bytes in this direction. Zero: never. Default 0.</summary>
    public long CutAfterBytes { get; init; }

    /// <summary>The delay of one piece.</summary>
    public TimeSpan DrawDelay(Random random) =>
        Jitter == TimeSpan.Zero ? Delay : Delay + Jitter * ((2 * random.NextDouble()) - 1);
}

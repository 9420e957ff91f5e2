namespace Chat.Load.Traffic;

/// <summary>How messages are offered, in NBomber's words.</summary>
internal enum SimulationKind
{
    /// <summary>Closed loop: the window grows from 1 to its size over the measured time.</summary>
    RampingConstant,

    /// <summary>Closed loop: the window is full at all times.</summary>
    KeepConstant,

    /// <summary>Open loop: a fixed rate, whatever comes back; latency counts from the intended send time.</summary>
    Inject,
}

/// <summary>How much is asked of the server at once.</summary>
internal sealed record LoadSimulation
{
    public SimulationKind Kind { get; init; } = SimulationKind.KeepConstant;

    public required int Chats { get; init; }

    /// <summary>Members a chat, each a connection of its own.</summary>
    public required int Members { get; init; }

    /// <summary>
    /// Closed loop: messages on their way over all chats. The next one goes out while deliveries still to come are fewer than the window
    /// times the deliveries of one message. Default 400.
    /// </summary>
    public int Window { get; init; } = 400;

    /// <summary>Open loop: messages a second over all chats.</summary>
    public double Rate { get; init; }

    /// <summary>Bytes of text a message, its marker included. Default 98.</summary>
    public int PayloadBytes { get; init; } = 98;

    /// <summary>Time under load before anything counts. Default 1 s.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Measured time. Default 5 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait, after the last message was sent, for what is on its way. Default 10 s.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);

    public int Connections => Chats * Members;

    public int MaxOnTheWay => MessageTable.MaxOnTheWay(PayloadBytes);

    /// <summary>In the shape's short form: chats x members, with the rate of an open loop.</summary>
    public string Shape => Kind == SimulationKind.Inject ? $"{Chats}x{Members}@{Rate:0}" : $"{Chats}x{Members}";

    /// <summary>All faults, each with option, value and remedy.</summary>
    public IEnumerable<string> Validate()
    {
        if (Chats is < 1 or > 1_000_000) yield return $"--chats is {Chats}: give 1 to 1000000.";
        if (Members is < 2 or > 100_000) yield return $"--members is {Members}: give 2 to 100000.";
        if (Kind == SimulationKind.Inject && Rate is not (>= 1 and <= 1_000_000)) yield return $"--rate is {Rate}: give 1 to 1000000 messages a second.";
        if (Kind != SimulationKind.Inject && Rate != 0) yield return $"--rate is {Rate}, but --simulation is a closed loop: leave it out, or say --simulation inject.";
        if (PayloadBytes is < Marker.Bytes or > 16_384) yield return $"--payload is {PayloadBytes}: give {Marker.Bytes} to 16384 bytes.";
        else if (Window < 1 || Window > MessageTable.MaxOnTheWay(PayloadBytes))
            yield return $"--window is {Window}: give 1 to {MessageTable.MaxOnTheWay(PayloadBytes)} (less for a larger --payload).";
        if (Duration <= TimeSpan.Zero || Duration > TimeSpan.FromHours(1)) yield return $"--seconds is {Duration.TotalSeconds}: give more than 0, at most 3600.";
        if (WarmUp < TimeSpan.Zero || WarmUp > TimeSpan.FromMinutes(5)) yield return $"--warm-up is {WarmUp.TotalSeconds}: give 0 to 300 seconds.";
    }
}

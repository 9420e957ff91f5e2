namespace Chat.Load.Crowd;

/// <summary>A moment of a crowd.</summary>
/// <param name="S">Seconds since the first connection.</param>
/// <param name="Whole">Sessions that are signed in and hold all that they were told of.</param>
internal sealed record CrowdPoint(double S, int Whole, double DeliveriesPerS);

/// <summary>Many sessions over many nodes with traffic between them, and one node killed.</summary>
internal sealed record CrowdResult
{
    public string Scenario => "crowd";

    public required int Nodes { get; init; }

    /// <summary>Nodes that are empty until another dies.</summary>
    public required int Spare { get; init; }

    public required int Sessions { get; init; }

    public required double ConnectSeconds { get; init; }

    /// <summary>Memory of all nodes together, grown since they were empty, ÷ sessions: when all were silent …</summary>
    public double? RssKbPerConnectionIdle { get; init; }

    /// <summary>… and at the end of the traffic.</summary>
    public double? RssKbPerConnection { get; init; }

    public required double Seconds { get; init; }

    public required double Rate { get; init; }

    public required long Acked { get; init; }

    public required long Delivered { get; init; }

    public required double AckP50Ms { get; init; }

    public required double AckP99Ms { get; init; }

    /// <summary>From the intended sending, until a node was killed; acks likewise.</summary>
    public required double DeliveryP50Ms { get; init; }

    public required double DeliveryP99Ms { get; init; }

    public required double DeliveryP999Ms { get; init; }

    /// <summary>The same to sessions whose node was not killed, from the kill on.</summary>
    public required double DeliveryP99AfterKillMs { get; init; }

    /// <summary>The same to the sessions of the killed node, from its end on, what they missed included.</summary>
    public required double DeliveryP99OfMovedMs { get; init; }

    /// <summary>Sessions of the killed node that came back on another.</summary>
    public required int Moved { get; init; }

    /// <summary>From the loss of the node until another welcomed the session.</summary>
    public required double WelcomeP50S { get; init; }

    public required double WelcomeP99S { get; init; }

    /// <summary>From the loss of the node until a session held everything again.</summary>
    public required double ReturnP50S { get; init; }

    public required double ReturnP99S { get; init; }

    public required double ReturnMaxS { get; init; }

    /// <summary>From the kill until the process was gone: its connections end one by one meanwhile.</summary>
    public double GoneAfterS { get; init; }

    /// <summary>From the kill until the last was back.</summary>
    public required double AllBackS { get; init; }

    public required long Missing { get; init; }

    public required long Corrupted { get; init; }

    public required long Unacked { get; init; }

    public required long Unseen { get; init; }

    public required long Refused { get; init; }

    public required long Busy { get; init; }

    /// <summary>Pages of history that were refused for the moment.</summary>
    public required long BusyPages { get; init; }

    /// <summary>Dropped by the client's rule; allowed.</summary>
    public required long Repeated { get; init; }

    /// <summary>Read from history by the client's rule; allowed.</summary>
    public required long Holes { get; init; }

    /// <summary>Sessions that were not whole at the end.</summary>
    public required int NotWhole { get; init; }

    public string? FirstClose { get; init; }

    /// <summary>On the clock of the timeline.</summary>
    public double KilledAtS { get; init; }

    /// <summary>Every second from the first connection on.</summary>
    public IReadOnlyList<CrowdPoint> Timeline { get; init; } = [];

    /// <summary>Nothing was lost, doubled, altered or left without an answer, and everybody is back.</summary>
    public bool Passed => Missing == 0 && Corrupted == 0 && Unacked == 0 && Unseen == 0 && Refused == 0 && NotWhole == 0;
}

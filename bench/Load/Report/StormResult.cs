namespace Chat.Load.Report;

/// <summary>How all sessions of a node came back after it had been killed.</summary>
internal sealed record StormResult
{
    public string Scenario => "storm";

    public required int Connections { get; init; }

    public required int ChatsEach { get; init; }

    /// <summary>Connections on their way at once.</summary>
    public required int Opening { get; init; }

    /// <summary>From the kill until the server listened again, the database's recovery included.</summary>
    public required double RestartSeconds { get; init; }

    /// <summary>From then until the last one had its welcome.</summary>
    public required double AllWelcomedSeconds { get; init; }

    public required double WelcomedPerS { get; init; }

    /// <summary>From the hello to the welcome.</summary>
    public required double HelloP50Ms { get; init; }

    public required double HelloP99Ms { get; init; }

    public required double HelloMaxMs { get; init; }

    /// <summary>From the beginning to connect to the welcome.</summary>
    public required double ArrivalP50Ms { get; init; }

    public required double ArrivalP99Ms { get; init; }

    public required double ArrivalMaxMs { get; init; }

    public double? ServerCpuUsPerConnection { get; init; }

    public double? PostgresCpuUsPerConnection { get; init; }

    /// <summary>Attempts that ended without a welcome and were made again.</summary>
    public required int Repeated { get; init; }

    /// <summary>Welcomes that did not say rightly what had happened since the position.</summary>
    public required int WrongResumes { get; init; }

    /// <summary>Sessions without a welcome at the end.</summary>
    public required int Missing { get; init; }

    /// <summary>Why the first repeated attempt had ended.</summary>
    public string? FirstClose { get; init; }

    public bool Passed => WrongResumes == 0 && Missing == 0;
}

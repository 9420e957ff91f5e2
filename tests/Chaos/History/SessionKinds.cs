namespace Chat.Chaos.History;

/// <summary>What a session is, as its <see cref="HistoryOp.Connect"/> entries say.</summary>
public static class SessionKinds
{
    /// <summary>A client of the published SDK: its app gets everything once and in order.</summary>
    public const string Sdk = "sdk";

    /// <summary>A bare connection: what comes may repeat, and a gap is told.</summary>
    public const string Wire = "wire";

    /// <summary>A bare connection that does not read now and then.</summary>
    public const string SlowWire = "slow-wire";
}

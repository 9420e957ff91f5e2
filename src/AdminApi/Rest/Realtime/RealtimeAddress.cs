using Chat.Protocol.Framing;

namespace Chat.AdminApi.Rest.Realtime;

/// <summary>How to reach the WebSocket protocol, and its limits. The token goes into its first frame, never into the URL.</summary>
internal sealed record RealtimeAddress
{
    /// <summary>Path of the WebSocket on this host.</summary>
    public string Path { get; init; } = "/ws";

    /// <summary>Version of the protocol.</summary>
    public int ProtocolVersion { get; init; } = ProtocolLimits.ProtocolVersion;

    /// <summary>Limits of the protocol.</summary>
    public RealtimeLimits Limits { get; init; } = new();
}

/// <summary>Limits of the protocol; the same that its welcome announces.</summary>
internal sealed record RealtimeLimits
{
    /// <summary>Largest body of a frame that a client may send, in bytes.</summary>
    public int MaxFrameBytes { get; init; } = ProtocolLimits.MaxClientFrameBytes;

    /// <summary>Largest text of a message, in bytes of UTF-8.</summary>
    public int MaxTextBytes { get; init; } = ProtocolLimits.MaxTextBytes;

    /// <summary>Most events of one page of history.</summary>
    public int MaxHistoryLimit { get; init; } = ProtocolLimits.MaxHistoryLimit;

    /// <summary>Most positions in a hello.</summary>
    public int MaxPositions { get; init; } = ProtocolLimits.MaxPositions;

    /// <summary>Most people whose presence one session may watch.</summary>
    public int MaxWatched { get; init; } = ProtocolLimits.MaxWatched;
}

namespace Chat.Protocol.Framing;

/// <summary>The bounds of the wire, protocol-spec.md §1, §3, §6 and §10. Bytes are bytes on the wire, counts are inclusive.</summary>
public static class ProtocolLimits
{
    /// <summary>The version of the protocol that this library speaks, §11.</summary>
    public const int ProtocolVersion = 1;

    /// <summary>Largest body of a client's frame, length prefix excluded, §3.4.</summary>
    public const int MaxClientFrameBytes = 65_536;

    /// <summary>Largest body of a server's frame, length prefix excluded, §3.4.</summary>
    public const int MaxServerFrameBytes = 262_144;

    /// <summary>Longest text of a message in bytes of UTF-8, §6.4.</summary>
    public const int MaxTextBytes = 16_384;

    /// <summary>Most events of one history reply, §6.5.</summary>
    public const int MaxHistoryLimit = 200;

    /// <summary>Events of one history reply when the request names no limit, §6.5.</summary>
    public const int DefaultHistoryLimit = 50;

    /// <summary>Most chats of one page, §6.6.</summary>
    public const int MaxChatsLimit = 100;

    /// <summary>Chats of one page when the request names no limit, §6.6.</summary>
    public const int DefaultChatsLimit = 50;

    /// <summary>Most members of one page, and the number when the request names no limit, §6.8.</summary>
    public const int MaxMembersLimit = 256;

    /// <summary>Longest cursor of a chat list in bytes, §6.6.</summary>
    public const int MaxCursorBytes = 64;

    /// <summary>Most principals of one get_principals, §6.9.</summary>
    public const int MaxPrincipalIds = 200;

    /// <summary>Most positions of one hello, §6.1.</summary>
    public const int MaxPositions = 2_000;

    /// <summary>Most principals that one session watches, §6.14.</summary>
    public const int MaxWatched = 200;

    /// <summary>Longest access token in bytes, §6.1.</summary>
    public const int MaxTokenBytes = 4_096;

    /// <summary>Longest client name in bytes, §6.1.</summary>
    public const int MaxClientNameBytes = 128;

    /// <summary>Deepest nesting of arrays and maps, the body's own array included, §3.5.</summary>
    public const int MaxDepth = 16;

    /// <summary>Largest id, sequence, epoch or time: 2^53−1, §1.</summary>
    public const long MaxInteger = (1L << 53) - 1;

    /// <summary>Largest number of a frame type, §3.</summary>
    public const int MaxFrameType = 127;
}

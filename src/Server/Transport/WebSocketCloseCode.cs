namespace Chat.Server.Transport;

/// <summary>Close codes of RFC 6455 §7.4 that this layer sends or reports itself. Those of the application are
/// <c>DisconnectCode</c>s.</summary>
public static class WebSocketCloseCode
{
    public const int Normal = 1000;
    public const int GoingAway = 1001;
    public const int ProtocolError = 1002;
    public const int UnsupportedData = 1003;

    /// <summary>Never on the wire: the peer's close frame had no code.</summary>
    public const int NoStatus = 1005;

    /// <summary>Never on the wire: the connection ended without a close frame.</summary>
    public const int Abnormal = 1006;

    public const int InvalidPayload = 1007;
    public const int PolicyViolation = 1008;
    public const int MessageTooBig = 1009;
    public const int InternalError = 1011;

    /// <summary>Whether a peer may send <paramref name="code"/> in a close frame: 1000-1003, 1007-1014 and 3000-4999.</summary>
    public static bool MayBeReceived(int code) => code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);
}

namespace Chat.Protocol.Codes;

/// <summary>
/// Says why a connection ends, protocol-spec.md §9.2, and the codes of RFC 6455 §7.4.1 that are in use. Numbers are appended, never
/// changed, never used again.
/// </summary>
public enum DisconnectCode : ushort
{
    /// <summary>No code; never on the wire.</summary>
    None = 0,

    /// <summary>RFC 6455: the purpose of the connection is fulfilled.</summary>
    Normal = 1000,

    /// <summary>RFC 6455: the endpoint goes away, e.g. a page is left.</summary>
    GoingAway = 1001,

    /// <summary>RFC 6455: the peer broke RFC 6455.</summary>
    ProtocolError = 1002,

    /// <summary>RFC 6455: a kind of message that is not accepted; here a text message, §2.3.</summary>
    UnsupportedData = 1003,

    /// <summary>RFC 6455: the close frame carried no code. Never sent.</summary>
    NoStatus = 1005,

    /// <summary>RFC 6455: the connection was lost without a close frame. Never sent.</summary>
    Abnormal = 1006,

    /// <summary>RFC 6455: text or a close reason is not UTF-8.</summary>
    InvalidPayload = 1007,

    /// <summary>RFC 6455: a policy is violated; here too many fragments, §2.4.</summary>
    PolicyViolation = 1008,

    /// <summary>RFC 6455: a WebSocket frame or message is over the sizes of §2.4.</summary>
    MessageTooBig = 1009,

    /// <summary>RFC 6455: the server met an unexpected condition.</summary>
    UnexpectedCondition = 1011,

    /// <summary>The server restarts (IANA registry of RFC 6455).</summary>
    ServiceRestart = 1012,

    /// <summary>The server goes down in order.</summary>
    Draining = 4000,

    /// <summary>Over 1 MiB unsent, or no progress for 10 s.</summary>
    SlowConsumer = 4001,

    /// <summary>Nothing came for too long, §4.5.</summary>
    IdleTimeout = 4002,

    /// <summary>
    /// In place of the welcome: too many connections of this principal, too many tokens of nobody from its address, or too much to do for
    /// one more.
    /// </summary>
    Overloaded = 4003,

    /// <summary>The server's fault.</summary>
    InternalError = 4004,

    /// <summary>No hello within 10 s.</summary>
    HelloTimeout = 4005,

    /// <summary>Sign-in could not be checked now.</summary>
    StorageUnavailable = 4006,

    /// <summary>The token has expired.</summary>
    TokenExpired = 4400,

    /// <summary>The token is not valid.</summary>
    TokenInvalid = 4401,

    /// <summary>Signed out, here or elsewhere.</summary>
    SessionRevoked = 4402,

    /// <summary>A body that is not as §3 and §6 say.</summary>
    MalformedFrame = 4500,

    /// <summary>A type that is not in §5 or not a client's.</summary>
    UnknownFrameType = 4501,

    /// <summary>A request before hello, or a second hello.</summary>
    WrongState = 4502,

    /// <summary>A declared body over <see cref="Framing.ProtocolLimits.MaxClientFrameBytes"/>.</summary>
    FrameTooLarge = 4503,

    /// <summary>A protocol version that the server does not speak.</summary>
    UnsupportedVersion = 4504,

    /// <summary>A request id of 0 or beyond 2^32−1.</summary>
    InvalidRequestId = 4505,
}

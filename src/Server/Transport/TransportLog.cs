using Chat.Server.Diagnostics;

namespace Chat.Server.Transport;

/// <summary>Log events of this layer, 1400 to 1499.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(EventId = EventIds.WebSocketOpened, Level = LogLevel.Debug, Message = "WebSocket {ConnectionId} open from {RemoteEndPoint}")]
    public static partial void Opened(ILogger logger, long connectionId, object? remoteEndPoint);

    [LoggerMessage(EventId = EventIds.WebSocketClosed, Level = LogLevel.Debug, Message = "WebSocket {ConnectionId} closed by {Initiator}: {Code}")]
    public static partial void Closed(ILogger logger, long connectionId, WebSocketCloseInitiator initiator, int code);

    [LoggerMessage(EventId = EventIds.WebSocketViolation, Level = LogLevel.Information, Message = "WebSocket {ConnectionId} broke the protocol, closed with {Code}: {Fault}")]
    public static partial void Violation(ILogger logger, long connectionId, int code, string fault);

    [LoggerMessage(EventId = EventIds.HandshakeRefused, Level = LogLevel.Debug, Message = "WebSocket handshake from {RemoteEndPoint} refused with {Status}: {Fault}")]
    public static partial void Refused(ILogger logger, object? remoteEndPoint, int status, string fault);

    [LoggerMessage(EventId = EventIds.ConnectionLost, Level = LogLevel.Debug, Message = "Connection from {RemoteEndPoint} ended below the protocol")]
    public static partial void Lost(ILogger logger, object? remoteEndPoint, Exception exception);

    [LoggerMessage(EventId = EventIds.WebSocketSessionFailed, Level = LogLevel.Error, Message = "WebSocket {ConnectionId}: its session failed")]
    public static partial void SessionFailed(ILogger logger, long connectionId, Exception exception);

    [LoggerMessage(EventId = EventIds.CannotAccept, Level = LogLevel.Error, Message = "Connections cannot be accepted (errno {Error}); trying again. Raise the limit of open files (ulimit -n) if it is 23 or 24")]
    public static partial void CannotAccept(ILogger logger, Exception exception, int error);

    [LoggerMessage(EventId = EventIds.SocketLoopFailed, Level = LogLevel.Error, Message = "A turn of a socket loop failed through a fault of the server")]
    public static partial void LoopFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = EventIds.ConnectionFailed, Level = LogLevel.Error, Message = "Connection {ConnectionId} failed through a fault of the server")]
    public static partial void ConnectionFailed(ILogger logger, string connectionId, Exception exception);

    [LoggerMessage(EventId = EventIds.ConnectionSweepFailed, Level = LogLevel.Error, Message = "A sweep over the connections failed")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = EventIds.NoProxyHeader, Level = LogLevel.Warning, Message = "A connection from the trusted proxy {RemoteEndPoint} did not begin with a PROXY protocol header and was cut: let it send one (HAProxy: send-proxy-v2), or take it out of Server:TrustedProxies")]
    public static partial void NoProxyHeader(ILogger log, System.Net.EndPoint? remoteEndPoint);
}

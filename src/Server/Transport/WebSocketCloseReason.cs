namespace Chat.Server.Transport;

/// <summary>Who ended a connection.</summary>
public enum WebSocketCloseInitiator : byte
{
    /// <summary>This server, by <see cref="WebSocketConnection.Close"/> or <see cref="WebSocketConnection.Abort"/>.</summary>
    Server,

    /// <summary>The peer, with a close frame.</summary>
    Peer,

    /// <summary>This layer, because the peer broke RFC 6455 or a limit.</summary>
    Violation,

    /// <summary>This server, because the peer is thought dead, by <see cref="WebSocketConnection.CloseUnheard"/>.</summary>
    Silence,

    /// <summary>Nobody said: the socket was reset, closed or cut.</summary>
    Lost,
}

/// <summary>Says why a connection ended; the first reason wins and stays.</summary>
/// <param name="Code">A close code; 1005 when the peer gave none, 1006 when there was no close frame.</param>
/// <param name="Reason">Text for people; the peer's own words when it was the initiator, so not to be trusted.</param>
/// <param name="Initiator">Who ended it.</param>
public sealed record WebSocketCloseReason(int Code, string Reason, WebSocketCloseInitiator Initiator);

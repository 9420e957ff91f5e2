using System.Buffers;
using System.Net.WebSockets;

namespace Chat.Server.Transport;

/// <summary>What is spoken over a WebSocket connection. Called by the connection's loop only, one call at a time.</summary>
public interface IWebSocketSession
{
    /// <summary>Takes one whole message. Completing late is back-pressure: nothing more is read until then.</summary>
    /// <param name="kind">Text (valid UTF-8) or Binary.</param>
    /// <param name="payload">Valid until the call returns: what is needed behind a wait has to be copied.</param>
    /// <remarks>What it waits for should end with <see cref="WebSocketConnection.CutToken"/>.</remarks>
    ValueTask OnMessageAsync(WebSocketMessageType kind, ReadOnlySequence<byte> payload);

    /// <summary>Called once, last.</summary>
    ValueTask OnClosedAsync(WebSocketCloseReason reason);
}

/// <summary>Makes the session of each connection.</summary>
public interface IWebSocketSessionFactory
{
    /// <summary>Called before the handshake is answered or anything read; the output may be written to only once a message came.</summary>
    IWebSocketSession Create(WebSocketConnection connection);
}

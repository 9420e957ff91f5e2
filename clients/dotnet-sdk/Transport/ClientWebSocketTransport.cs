using System.Net.WebSockets;

namespace Chat.Sdk.Transport;

/// <summary>The transport over the framework's WebSocket client. Thread-safe.</summary>
public sealed class ClientWebSocketTransport : ITransport
{
    /// <inheritdoc/>
    public async Task<ITransportConnection> ConnectAsync(Uri url, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            // The server pings, and the framework answers while a receive is pending; the session watches the server by frames.
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            await socket.ConnectAsync(url, cancellationToken).ConfigureAwait(false);
            return new Connection(socket);
        }
        catch (WebSocketException refused)
        {
            socket.Dispose();
            throw new IOException($"No connection to {url}: {refused.Message}", refused);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class Connection(ClientWebSocket socket) : ITransportConnection
    {
        private const int FirstBufferBytes = 16 * 1_024;
        private const int MaxMessageBytes = 4 << 20; // many frames may share a message; beyond this the peer is not our server

        private byte[] _buffer = new byte[FirstBufferBytes];

        public async ValueTask<TransportMessage> ReceiveAsync(CancellationToken cancellationToken)
        {
            try
            {
                int length = 0;
                while (true)
                {
                    if (length == _buffer.Length) Grow();
                    ValueWebSocketReceiveResult part =
                        await socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                    if (part.MessageType == WebSocketMessageType.Close)
                        return new TransportMessage(default, (int?)socket.CloseStatus ?? 1005, socket.CloseStatusDescription ?? "");

                    length += part.Count;
                    if (part.EndOfMessage) return new TransportMessage(_buffer.AsMemory(0, length));
                }
            }
            catch (WebSocketException broken)
            {
                throw new IOException(broken.Message, broken);
            }
        }

        public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            try
            {
                await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).ConfigureAwait(false);
            }
            catch (WebSocketException broken)
            {
                throw new IOException(broken.Message, broken);
            }
        }

        public async ValueTask CloseAsync(int code, string reason, CancellationToken cancellationToken)
        {
            if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;

            try
            {
                await socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, cancellationToken).ConfigureAwait(false);
            }
            catch (WebSocketException broken)
            {
                throw new IOException(broken.Message, broken);
            }
        }

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            return ValueTask.CompletedTask;
        }

        private void Grow()
        {
            if (_buffer.Length >= MaxMessageBytes)
                throw new IOException($"The server sent a message over {MaxMessageBytes} bytes.");

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}

using System.Buffers;
using System.Net.WebSockets;
using Chat.Server.Transport;

namespace Chat.Server.Tests.Transport;

/// <summary>Echoes, and remembers the last connection and how it ended.</summary>
internal sealed class EchoSessions : IWebSocketSessionFactory
{
    private readonly TaskCompletionSource<WebSocketCloseReason> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WebSocketConnection? Connection { get; private set; }

    public Task<WebSocketCloseReason> Closed => _closed.Task;

    /// <summary>Runs before each echo.</summary>
    public Func<CancellationToken, Task>? Before { get; set; }

    public IWebSocketSession Create(WebSocketConnection connection)
    {
        Connection = connection;
        return new EchoSession(this, connection);
    }

    private sealed class EchoSession(EchoSessions owner, WebSocketConnection connection) : IWebSocketSession
    {
        public async ValueTask OnMessageAsync(WebSocketMessageType kind, ReadOnlySequence<byte> payload)
        {
            payload = new ReadOnlySequence<byte>(payload.ToArray()); // kept over the wait
            if (owner.Before is { } before) await before(connection.CutToken);
            WebSocketOpcode opcode = kind == WebSocketMessageType.Text ? WebSocketOpcode.Text : WebSocketOpcode.Binary;
            connection.Output.TryWrite(WebSocketFrameWriter.Encode(opcode, payload.ToArray()));
        }

        public ValueTask OnClosedAsync(WebSocketCloseReason reason)
        {
            owner._closed.TrySetResult(reason);
            return default;
        }
    }
}

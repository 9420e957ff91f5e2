using System.Buffers;
using System.Net.WebSockets;
using Chat.Server.Transport;

namespace Chat.EchoHost;

/// <summary>Sends every message back as it came. A peer that does not read its echoes is not read from either.</summary>
internal sealed class EchoSession(WebSocketConnection connection) : IWebSocketSession
{
    public ValueTask OnMessageAsync(WebSocketMessageType kind, ReadOnlySequence<byte> payload)
    {
        connection.Output.TryWrite(Encode(kind, payload)); // false only when the connection has ended: there was room for it
        return connection.Output.WaitForRoomAsync(connection.CutToken);
    }

    public ValueTask OnClosedAsync(WebSocketCloseReason reason) => default;

    private static byte[] Encode(WebSocketMessageType kind, in ReadOnlySequence<byte> payload)
    {
        Span<byte> header = stackalloc byte[WebSocketFrameWriter.MaxHeaderBytes];
        WebSocketOpcode opcode = kind == WebSocketMessageType.Text ? WebSocketOpcode.Text : WebSocketOpcode.Binary;
        int headerBytes = WebSocketFrameWriter.WriteHeader(header, opcode, payload.Length);
        byte[] frame = GC.AllocateUninitializedArray<byte>(headerBytes + (int)payload.Length);
        header[..headerBytes].CopyTo(frame);
        payload.CopyTo(frame.AsSpan(headerBytes));
        return frame;
    }
}

internal sealed class EchoSessionFactory : IWebSocketSessionFactory
{
    public IWebSocketSession Create(WebSocketConnection connection) => new EchoSession(connection);
}

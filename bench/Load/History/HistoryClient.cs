using System.Buffers;
using System.Net.WebSockets;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;

namespace Chat.Load.History;

/// <summary>A connection that asks one thing at a time and waits for the answer. One caller.</summary>
internal sealed class HistoryClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly TimeProvider _time;
    private byte[] _received = [];
    private uint _lastRequestId;

    private HistoryClient(ClientWebSocket socket, TimeProvider time) => (_socket, _time) = (socket, time);

    /// <summary>Opens the connection; <see cref="HelloAsync"/> comes next.</summary>
    public static async Task<HistoryClient> ConnectAsync(Uri server, TimeProvider time, CancellationToken ct)
    {
        var address = new UriBuilder(server) { Scheme = "ws", Path = "/ws" };
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        try
        {
            await socket.ConnectAsync(address.Uri, ct);
            return new HistoryClient(socket, time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task<(WelcomeReply Welcome, TimeSpan Took)> HelloAsync(string token, IReadOnlyList<WirePosition> positions, CancellationToken ct) =>
        await AskAsync<HelloRequest, WelcomeReply>(new HelloRequest(ProtocolLimits.ProtocolVersion, token, "load-history", positions), ct);

    /// <returns>The reply, and the time from the request's first byte to the reply's last; decoding is not in it.</returns>
    /// <exception cref="InvalidOperationException">The server answered with an error, or ended the connection.</exception>
    public async Task<(TReply Reply, TimeSpan Took)> AskAsync<TRequest, TReply>(TRequest request, CancellationToken ct)
        where TRequest : struct, IFrame<TRequest>
        where TReply : struct, IFrame<TReply>
    {
        uint id = ++_lastRequestId;
        byte[] bytes = FrameEncoder.Encode(in request, id);
        long started = _time.GetTimestamp();
        await _socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, ct);
        while (true)
        {
            var rest = new ReadOnlySequence<byte>(await ReceiveAsync(ct));
            TimeSpan took = _time.GetElapsedTime(started);
            while (FrameReader.TryRead(ref rest, ProtocolLimits.MaxServerFrameBytes, out ReadOnlySequence<byte> body) == FrameReadResult.Complete)
                if (IsAnswer(body, id)) return (Read<TReply>(body), took);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_socket.State == WebSocketState.Open) await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // the other end was faster; there is nothing left to close
        }

        _socket.Dispose();
    }

    private static bool IsAnswer(ReadOnlySequence<byte> body, uint id)
    {
        if (FrameHeader.TryRead(body, out FrameHeader header) != FrameDecodeResult.Ok) throw new InvalidOperationException("The server sent a malformed frame.");
        if (header.Type == FrameType.Goodbye && GoodbyePush.TryRead(body, out _, out GoodbyePush goodbye))
            throw new InvalidOperationException($"The server said goodbye: {goodbye.Code} {goodbye.Reason}");
        if (header.RequestId != id) return false; // a push
        if (header.Type == FrameType.Error && ErrorReply.TryRead(body, out _, out ErrorReply error))
            throw new InvalidOperationException($"The server answered {error.Code}: {error.Message}");
        return true;
    }

    private static TReply Read<TReply>(ReadOnlySequence<byte> body)
        where TReply : struct, IFrame<TReply> =>
        TReply.TryRead(body, out _, out TReply reply) ? reply : throw new InvalidOperationException($"The server did not answer with {TReply.Type}.");

    /// <summary>One whole message; valid until the next call.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken ct)
    {
        int length = 0;
        while (true)
        {
            if (length == _received.Length) Array.Resize(ref _received, Math.Max(2_048, 2 * _received.Length));
            ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(_received.AsMemory(length), ct);
            if (part.MessageType == WebSocketMessageType.Close)
                throw new InvalidOperationException($"The server closed the connection: {_socket.CloseStatus} {_socket.CloseStatusDescription}");
            length += part.Count;
            if (part.EndOfMessage) return _received.AsMemory(0, length);
        }
    }
}

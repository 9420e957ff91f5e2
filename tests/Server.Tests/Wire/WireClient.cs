using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;

namespace Chat.Server.Tests.Wire;

/// <summary>Speaks the protocol's bytes to a server, and nothing cleverer: no resume, no retry.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly List<(FrameType Type, uint RequestId, byte[] Body)> _received = [];
    private byte[] _buffer = new byte[4 << 10];
    private uint _lastRequestId;

    /// <summary>The code that the server closed with; null while it is open.</summary>
    public int? CloseCode => _socket.CloseStatus is { } status ? (int)status : null;

    /// <param name="receiveBytes">Size of the socket's receive buffer; 0 for the system's.</param>
    /// <param name="front">Sent in front of everything, as a balancer does.</param>
    public static async Task<WireClient> ConnectAsync(Uri server, CancellationToken ct, int receiveBytes = 0, string front = "")
    {
        WireClient client = new();
        using HttpMessageInvoker invoker = new(
            new SocketsHttpHandler { ConnectCallback = (context, ct) => OpenAsync(context, receiveBytes, front, ct) });
        await client._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/ws" }.Uri, invoker, ct);
        return client;
    }

    public async Task<WelcomeReply> HelloAsync(string token, CancellationToken ct, params WirePosition[] positions) =>
        await AskAsync<HelloRequest, WelcomeReply>(new HelloRequest(ProtocolLimits.ProtocolVersion, token, "wire-client", positions), ct);

    /// <summary>Sends a request and waits for its reply of the expected type.</summary>
    public async Task<TReply> AskAsync<TRequest, TReply>(TRequest request, CancellationToken ct)
        where TRequest : struct, IFrame<TRequest>
        where TReply : struct, IFrame<TReply>
    {
        uint id = await SendAsync(request, ct);
        (FrameType type, byte[] body) = await ReplyAsync(id, ct);
        if (type == FrameType.Error && ErrorReply.TryRead(new ReadOnlySequence<byte>(body), out _, out ErrorReply error))
            Assert.Fail($"{TRequest.Type} was answered with {error.Code}: {error.Message}");
        Assert.That(TReply.TryRead(new ReadOnlySequence<byte>(body), out _, out TReply reply), Is.True, $"the reply was {type}");
        return reply;
    }

    /// <summary>Sends a request that is to be refused.</summary>
    public async Task<ErrorReply> RefusedAsync<TRequest>(TRequest request, CancellationToken ct)
        where TRequest : struct, IFrame<TRequest>
    {
        uint id = await SendAsync(request, ct);
        (FrameType type, byte[] body) = await ReplyAsync(id, ct);
        Assert.That(ErrorReply.TryRead(new ReadOnlySequence<byte>(body), out _, out ErrorReply error), Is.True, $"the reply was {type}");
        return error;
    }

    public async Task<uint> SendAsync<TRequest>(TRequest request, CancellationToken ct)
        where TRequest : struct, IFrame<TRequest>
    {
        uint id = ++_lastRequestId;
        await SendBytesAsync(FrameEncoder.Encode(request, id), ct);
        return id;
    }

    public async Task SendBytesAsync(byte[] message, CancellationToken ct, WebSocketMessageType kind = WebSocketMessageType.Binary) =>
        await _socket.SendAsync(message, kind, endOfMessage: true, ct);

    /// <summary>The next push of an event, in the order of arrival.</summary>
    public async Task<WireEvent> NextEventAsync(CancellationToken ct)
    {
        byte[] body = await TakeAsync(frame => frame.Type == FrameType.Event, ct) ?? throw new InvalidOperationException($"closed with {CloseCode}");
        Assert.That(EventPush.TryRead(new ReadOnlySequence<byte>(body), out _, out EventPush push), Is.True);
        return push.Event;
    }

    /// <summary>The next push of the given type.</summary>
    public async Task<TPush> NextAsync<TPush>(CancellationToken ct)
        where TPush : struct, IFrame<TPush>
    {
        byte[] body = await TakeAsync(frame => frame.Type == TPush.Type, ct) ?? throw new InvalidOperationException($"closed with {CloseCode}");
        Assert.That(TPush.TryRead(new ReadOnlySequence<byte>(body), out _, out TPush push), Is.True);
        return push;
    }

    /// <summary>Whether a frame of the type came and was not taken.</summary>
    public bool HasReceived(FrameType type) => _received.Exists(frame => frame.Type == type);

    /// <summary>Reads until the server closes; its code.</summary>
    public async Task<int?> ClosedAsync(CancellationToken ct)
    {
        await TakeAsync(_ => false, ct);
        return CloseCode;
    }

    /// <summary>Answers the server's close.</summary>
    public Task CloseAsync(CancellationToken ct) => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ct);

    public void Dispose() => _socket.Dispose();

    private static async ValueTask<Stream> OpenAsync(
        SocketsHttpConnectionContext context, int receiveBytes, string front, CancellationToken ct)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBytes > 0) socket.ReceiveBufferSize = receiveBytes;
        await socket.ConnectAsync(context.DnsEndPoint, ct);
        if (front.Length > 0) await socket.SendAsync(Encoding.ASCII.GetBytes(front), ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task<(FrameType Type, byte[] Body)> ReplyAsync(uint requestId, CancellationToken ct)
    {
        FrameType type = default;
        byte[]? body = await TakeAsync(
            frame =>
            {
                type = frame.Type;
                return frame.RequestId == requestId;
            },
            ct);
        return (type, body ?? throw new InvalidOperationException($"closed with {CloseCode} instead of a reply"));
    }

    private async Task<byte[]?> TakeAsync(Func<(FrameType Type, uint RequestId), bool> wanted, CancellationToken ct)
    {
        for (int i = 0; ; i++)
        {
            while (i >= _received.Count)
                if (!await ReceiveAsync(ct)) return null;
            (FrameType type, uint id, byte[] body) = _received[i];
            if (!wanted((type, id))) continue;
            _received.RemoveAt(i);
            return body;
        }
    }

    private async Task<bool> ReceiveAsync(CancellationToken ct)
    {
        int length = 0;
        ValueWebSocketReceiveResult result;
        do
        {
            if (length == _buffer.Length) Array.Resize(ref _buffer, 2 * length);
            result = await _socket.ReceiveAsync(_buffer.AsMemory(length), ct);
            if (result.MessageType == WebSocketMessageType.Close) return false;
            length += result.Count;
        }
        while (!result.EndOfMessage);

        ReadOnlySequence<byte> rest = new(_buffer.AsMemory(0, length).ToArray());
        while (!rest.IsEmpty)
        {
            Assert.That(FrameReader.TryRead(ref rest, ProtocolLimits.MaxServerFrameBytes, out ReadOnlySequence<byte> body), Is.EqualTo(FrameReadResult.Complete));
            Assert.That(FrameHeader.TryRead(body, out FrameHeader header), Is.EqualTo(FrameDecodeResult.Ok));
            _received.Add((header.Type, header.RequestId, body.ToArray()));
        }

        return true;
    }
}

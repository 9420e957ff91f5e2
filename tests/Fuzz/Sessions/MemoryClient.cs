using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Chat.Fuzz.Engine;
using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Server.Tests.Transport;
using Chat.Server.Transport;

namespace Chat.Fuzz.Sessions;

/// <summary>What came back for a request: its reply, or the end of the connection.</summary>
internal readonly record struct Answer(FrameType Type, byte[] Body, int? CloseCode);

/// <summary>A client of the composed server over pipes in memory: bytes out, frames in.</summary>
internal sealed class MemoryClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Pipe _toServer = new(new PipeOptions(useSynchronizationContext: false));
    private readonly Pipe _toClient = new(new PipeOptions(useSynchronizationContext: false));
    private readonly Queue<(FrameType Type, uint RequestId, byte[] Body)> _replies = new();
    private readonly MemoryConnection _connection;
    private readonly Task _running;

    private MemoryClient(WebSocketAcceptor acceptor)
    {
        _connection = new MemoryConnection(_toServer.Reader, _toClient.Writer);
        _running = RunAsync(acceptor);
    }

    /// <summary>Pushes so far, oldest first.</summary>
    public List<(FrameType Type, byte[] Body)> Pushes { get; } = [];

    /// <summary>The code the server closed with; null while it is open.</summary>
    public int? CloseCode { get; private set; }

    public static async Task<MemoryClient> ConnectAsync(WebSocketAcceptor acceptor)
    {
        MemoryClient client = new(acceptor);
        await client._toServer.Writer.WriteAsync(Encoding.ASCII.GetBytes(PipeServer.Handshake));
        while (true)
        {
            ReadResult read = await client._toClient.Reader.ReadAsync();
            int end = Encoding.ASCII.GetString(read.Buffer).IndexOf("\r\n\r\n", StringComparison.Ordinal);
            client._toClient.Reader.AdvanceTo(
                read.Buffer.GetPosition(end < 0 ? 0 : end + 4), end < 0 ? read.Buffer.End : read.Buffer.GetPosition(end + 4));
            if (end >= 0) return client;
            if (read.IsCompleted) throw new FuzzException("the handshake was not answered");
        }
    }

    /// <summary>Sends one WebSocket message.</summary>
    public async Task SendAsync(byte[] message, int opcode = ClientFrames.Binary)
    {
        FlushResult flushed = await _toServer.Writer.WriteAsync(ClientFrames.Encode(opcode, message));
        if (flushed.IsCompleted) CloseCode ??= WebSocketCloseCode.Abnormal;
    }

    /// <summary>Reads until the reply to a request is there, or the connection has ended.</summary>
    public async Task<Answer> AnswerAsync(uint requestId)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            while (_replies.TryDequeue(out (FrameType Type, uint RequestId, byte[] Body) reply))
            {
                if (reply.RequestId == requestId) return new Answer(reply.Type, reply.Body, null);
                throw new FuzzException($"a reply to {reply.RequestId} that nobody waits for");
            }

            if (CloseCode is { } code) return new Answer(default, [], code);
            await ReceiveAsync(patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _toServer.Writer.CompleteAsync();
        while (CloseCode is null) await ReceiveAsync(CancellationToken.None);
        _connection.Abort();
        await _running.WaitAsync(Patience);
    }

    private async Task RunAsync(WebSocketAcceptor acceptor)
    {
        await acceptor.OnConnectionAsync(_connection, _ => throw new InvalidOperationException("The upgrade went to the HTTP server."));
        await _toClient.Writer.CompleteAsync();
    }

    private async Task ReceiveAsync(CancellationToken ct)
    {
        ReadResult read = await _toClient.Reader.ReadAsync(ct);
        ReadOnlyMemory<byte> bytes = read.Buffer.ToArray();
        int at = 0;
        while (CloseCode is null && ClientFrames.ReadServerFrame(bytes.Span[at..]) is { } frame)
        {
            at += frame.FrameBytes;
            if (frame.Opcode == ClientFrames.Close)
                CloseCode = frame.Payload.Length == 0 ? WebSocketCloseCode.NoStatus : (frame.Payload[0] << 8) | frame.Payload[1];
            else if (frame.Opcode == ClientFrames.Binary) Take(frame.Payload);
        }

        _toClient.Reader.AdvanceTo(read.Buffer.GetPosition(at), read.Buffer.End);
        if (read.IsCompleted) CloseCode ??= WebSocketCloseCode.Abnormal;
    }

    private void Take(byte[] message)
    {
        ReadOnlySequence<byte> rest = new(message);
        while (!rest.IsEmpty)
        {
            FrameReadResult cut = FrameReader.TryRead(ref rest, ProtocolLimits.MaxServerFrameBytes, out ReadOnlySequence<byte> body);
            if (cut != FrameReadResult.Complete || FrameHeader.TryRead(body, out FrameHeader header) != FrameDecodeResult.Ok)
                throw new FuzzException("the server sent what is no frame");
            if (header.RequestId == 0) Pushes.Add((header.Type, body.ToArray()));
            else _replies.Enqueue((header.Type, header.RequestId, body.ToArray()));
        }
    }
}

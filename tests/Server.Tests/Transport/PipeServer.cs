using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Chat.Server.Outbound;
using Chat.Server.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Server.Tests.Transport;

/// <summary>One connection of the acceptor over pipes in memory, with the clock in the test's hand.</summary>
internal sealed class PipeServer : IAsyncDisposable
{
    public const string Handshake = "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    // The server reads on the sender's thread: when a send returns, its bytes have been dealt with.
    private readonly Pipe _toServer = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
    private readonly Pipe _toClient = new();
    private readonly MemoryConnection _connection;

    private readonly ConnectionOutputFactory _outputs;

    public PipeServer(WebSocketOptions? options = null, OutboundOptions? outbound = null)
    {
        options ??= new WebSocketOptions();
        _outputs = new ConnectionOutputFactory(outbound ?? new OutboundOptions(), new OutboundPace(), Time, NullLogger<ConnectionOutputFactory>.Instance);
        Registry = new ConnectionRegistry(options, Time, NullLogger<ConnectionRegistry>.Instance);
        WebSocketAcceptor acceptor = new(
            Registry, Sessions, _outputs, options, Time, NullLogger<WebSocketAcceptor>.Instance);
        _connection = new MemoryConnection(_toServer.Reader, _toClient.Writer);
        Running = RunAsync(acceptor);
    }

    public SteppedTime Time { get; } = new();

    public EchoSessions Sessions { get; } = new();

    public ConnectionRegistry Registry { get; }

    /// <summary>The acceptor's task.</summary>
    public Task Running { get; }

    public bool IsAborted => _connection.IsAborted;

    /// <summary>What the acceptor handed on, if it did.</summary>
    public byte[]? HandedOn { get; private set; }

    public async Task<PipeServer> UpgradeAsync(CancellationToken ct)
    {
        await SendAsync(Encoding.ASCII.GetBytes(Handshake), ct);
        Assert.That(await ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 101 ").And.Contain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        return this;
    }

    public async Task SendAsync(byte[] bytes, CancellationToken ct) => await _toServer.Writer.WriteAsync(bytes, ct);

    public void EndInput() => _toServer.Writer.Complete();

    public void ResetInput() => _toServer.Writer.Complete(new ConnectionResetException("reset"));

    public async Task<string> ReadHeadAsync(CancellationToken ct)
    {
        while (true)
        {
            ReadResult read = await _toClient.Reader.ReadAsync(ct);
            string text = Encoding.ASCII.GetString(read.Buffer);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                _toClient.Reader.AdvanceTo(read.Buffer.GetPosition(end + 4));
                return text[..(end + 4)];
            }

            _toClient.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) return text;
        }
    }

    /// <summary>The server's next frame; null at the end.</summary>
    public async Task<(int Opcode, byte[] Payload)?> ReadFrameAsync(CancellationToken ct)
    {
        while (true)
        {
            ReadResult read = await _toClient.Reader.ReadAsync(ct);
            if (ClientFrames.ReadServerFrame(read.Buffer.ToArray()) is { } frame)
            {
                _toClient.Reader.AdvanceTo(read.Buffer.GetPosition(frame.FrameBytes));
                return (frame.Opcode, frame.Payload);
            }

            _toClient.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) return null;
        }
    }

    public async Task<int> ReadCloseCodeAsync(CancellationToken ct)
    {
        (int Opcode, byte[] Payload)? frame = await ReadFrameAsync(ct);
        Assert.That(frame?.Opcode, Is.EqualTo(ClientFrames.Close));
        return frame!.Value.Payload.Length == 0 ? WebSocketCloseCode.NoStatus : (frame.Value.Payload[0] << 8) | frame.Value.Payload[1];
    }

    /// <summary>Moves the clock, then looks at the deadlines.</summary>
    public void Pass(TimeSpan time)
    {
        Time.Advance(time);
        Registry.Sweep();
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Abort();
        await Running;
        Registry.Dispose();
        _outputs.Dispose();
    }

    private async Task RunAsync(WebSocketAcceptor acceptor)
    {
        await acceptor.OnConnectionAsync(_connection, async connection =>
        {
            ReadResult read = await connection.Transport.Input.ReadAsync();
            HandedOn = read.Buffer.ToArray();
        });
        await _toClient.Writer.CompleteAsync();
    }
}

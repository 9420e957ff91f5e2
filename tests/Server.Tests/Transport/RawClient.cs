using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Chat.Server.Tests.Transport;

/// <summary>Speaks bytes to a port: what a WebSocket library would never send can be sent.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private Stream _stream = Stream.Null;
    private byte[] _received = [];

    /// <param name="front">Sent in front of everything, TLS included.</param>
    public static async Task<RawClient> ConnectAsync(int port, CancellationToken ct, bool isTls = false, byte[]? front = null)
    {
        RawClient client = new();
        await client._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), ct);
        client._stream = new NetworkStream(client._socket, ownsSocket: true);
        if (front is not null) await client.SendAsync(front, ct);
        if (!isTls) return client;

        // The test's own certificate, made a moment ago, is the only one there is.
#pragma warning disable CA5359
        SslStream tls = new(client._stream, leaveInnerStreamOpen: false, static (_, _, _, _) => true);
#pragma warning restore CA5359
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = "localhost",
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        };
        await tls.AuthenticateAsClientAsync(options, ct);
        Assert.That(tls.NegotiatedApplicationProtocol, Is.EqualTo(SslApplicationProtocol.Http11), "HTTP/2 is off");
        client._stream = tls;
        return client;
    }

    public async Task<RawClient> UpgradeAsync(CancellationToken ct)
    {
        await SendAsync(Encoding.ASCII.GetBytes(PipeServer.Handshake), ct);
        Assert.That(await ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 101 ").And.Contain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        return this;
    }

    public Task SendAsync(byte[] bytes, CancellationToken ct) => _stream.WriteAsync(bytes, ct).AsTask();

    public Task SendAsync(string text, CancellationToken ct) => SendAsync(Encoding.Latin1.GetBytes(text), ct);

    /// <summary>The next head of an HTTP answer; what there was when the connection ended earlier.</summary>
    public async Task<string> ReadHeadAsync(CancellationToken ct)
    {
        int end;
        while ((end = _received.AsSpan().IndexOf("\r\n\r\n"u8)) < 0 && await ReceiveAsync(ct))
        {
            // until the head is whole
        }

        return Encoding.ASCII.GetString(Take(end < 0 ? _received.Length : end + 4));
    }

    public async Task<byte[]> ReadBytesAsync(int count, CancellationToken ct)
    {
        while (_received.Length < count && await ReceiveAsync(ct))
        {
            // until there are enough
        }

        return Take(Math.Min(count, _received.Length));
    }

    /// <summary>The server's next frame; null at the end of the connection.</summary>
    public async Task<(int Opcode, byte[] Payload)?> ReadFrameAsync(CancellationToken ct)
    {
        do
        {
            if (ClientFrames.ReadServerFrame(_received) is not { } frame) continue;
            Take(frame.FrameBytes);
            return (frame.Opcode, frame.Payload);
        }
        while (await ReceiveAsync(ct));
        return null;
    }

    /// <summary>Reads and drops to the end of the connection.</summary>
    public async Task<bool> IsEndedAsync(CancellationToken ct)
    {
        while (await ReceiveAsync(ct)) _received = [];
        return true;
    }

    /// <summary>Tells the server that nothing more comes; its answers are still read.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _stream.Dispose();

    private async Task<bool> ReceiveAsync(CancellationToken ct)
    {
        byte[] buffer = new byte[1 << 16];
        int count = await _stream.ReadAsync(buffer, ct);
        _received = [.. _received, .. buffer.AsSpan(0, count)];
        return count > 0;
    }

    private byte[] Take(int count)
    {
        byte[] taken = _received[..count];
        _received = _received[count..];
        return taken;
    }
}

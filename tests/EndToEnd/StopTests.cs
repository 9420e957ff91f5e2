using System.Net;
using System.Net.Sockets;
using Chat.Protocol.Codes;

namespace Chat.EndToEnd.Tests;

/// <summary>How the process ends: in order when asked once, at once when asked twice.</summary>
[TestFixture]
[Category("e2e")]
[Platform("Linux")]
[Property("Promise", "P13")]
internal sealed class StopTests
{
    private static readonly byte[] Upgrade =
    [
        .. "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"u8,
        .. "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"u8,
    ];

    /// <summary>The code of a node that stops, as it stands in a close frame.</summary>
    private static readonly byte[] Close = [(int)DisconnectCode.Draining >> 8, (int)DisconnectCode.Draining & 0xff];

    [Test, CancelAfter(120_000)]
    public async Task The_second_signal_waits_for_nobody(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(demo: false, ct: ct);
        using Socket mute = new(SocketType.Stream, ProtocolType.Tcp);
        await mute.ConnectAsync(IPAddress.Loopback, server.Port, ct);
        await mute.SendAsync(Upgrade, ct);
        await ReceiveUntilAsync(mute, "\r\n\r\n"u8.ToArray(), ct);

        await server.SignalAsync("TERM", ct);
        await ReceiveUntilAsync(mute, Close, ct); // it never answers that, so it is waited for
        Assert.That(server.HasExited, Is.False);
        await server.SignalAsync("TERM", ct);
        int code = await server.ExitedAsync(ct);

        Assert.That(code, Is.Zero, "in order, and not cut off");
        Assert.That(server.Output, Does.Contain("second time"));
    }

    /// <summary>Receives until the bytes were there.</summary>
    private static async Task ReceiveUntilAsync(Socket socket, byte[] wanted, CancellationToken ct)
    {
        byte[] buffer = new byte[4096];
        int filled = 0;
        while (buffer.AsSpan(0, filled).IndexOf(wanted) < 0)
        {
            int received = await socket.ReceiveAsync(buffer.AsMemory(filled), ct);
            Assert.That(received, Is.GreaterThan(0), "the connection ended");
            filled += received;
        }
    }
}

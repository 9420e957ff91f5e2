using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

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

    [Test, CancelAfter(120_000)]
    public async Task The_second_signal_waits_for_nobody(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(demo: false, ct: ct);
        using Socket mute = new(SocketType.Stream, ProtocolType.Tcp);
        await mute.ConnectAsync(IPAddress.Loopback, server.Port, ct);
        await mute.SendAsync(Upgrade, ct);
        await mute.ReceiveAsync(new byte[1024], ct);

        Stopwatch clock = Stopwatch.StartNew();
        await server.SignalAsync("TERM", ct); // this peer never answers a close: it is waited for, 5 s
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, ct);
        Assert.That(server.HasExited, Is.False);
        await server.SignalAsync("TERM", ct);
        int code = await server.ExitedAsync(ct);

        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(4.5)));
        Assert.That(code, Is.Zero);
        Assert.That(server.Output, Does.Contain("second time"));
    }
}

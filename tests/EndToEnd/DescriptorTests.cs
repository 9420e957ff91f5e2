using System.Net;
using System.Net.Sockets;

namespace Chat.EndToEnd.Tests;

/// <summary>
/// F-27: more connections than the process may have descriptors. It does not spin, serves who is there, and takes others when there is
/// room.
/// </summary>
[TestFixture]
[Category("e2e")]
[Platform("Linux")]
[Property("Promise", "P12")]
internal sealed class DescriptorTests
{
    private const int Limit = 600;
    private const int Attempts = 700;

    private static readonly byte[] Upgrade =
    [
        .. "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"u8,
        .. "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"u8,
    ];

    [Test, CancelAfter(120_000)]
    public async Task A_process_without_descriptors_left_goes_on_and_takes_connections_again_when_some_are_free(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(demo: false, descriptors: Limit, ct: ct);
        List<Socket> sockets = [];
        for (int i = 0; i < Attempts; i++) sockets.Add(await ConnectAsync(server, ct));
        bool[] answered = new bool[Attempts];
        await Task.WhenAll(sockets.Select(async (socket, i) => answered[i] = await IsAnsweredAsync(socket, TimeSpan.FromSeconds(5), ct)));
        int served = answered.Count(static yes => yes);

        TimeSpan before = server.ProcessorTime;
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, ct);
        TimeSpan used = server.ProcessorTime - before;

        Assert.That(served, Is.InRange(200, Limit - 1), "some, and not all");
        Assert.That(used, Is.LessThan(TimeSpan.FromSeconds(1)), "no loop spins over the connections that wait");
        Socket first = sockets[Array.IndexOf(answered, true)];
        Assert.That(await PongAsync(first, ct), "who is there is served");

        for (int i = 0; i < Attempts; i++)
            if (answered[i] && sockets[i] != first) sockets[i].Dispose();
        int waiting = Array.IndexOf(answered, false);
        Assert.That(await IsAnsweredAsync(sockets[waiting], TimeSpan.FromSeconds(30), ct), "who waited gets in");
        for (int i = 0; i < Attempts; i++)
            if (!answered[i]) sockets[i].Dispose(); // they had the room that was free
        using (Socket late = await ConnectAsync(server, ct)) Assert.That(await IsAnsweredAsync(late, TimeSpan.FromSeconds(30), ct));
        Assert.That(server.Output, Does.Contain("Connections cannot be accepted"));
        foreach (Socket socket in sockets) socket.Dispose();
    }

    private static async Task<Socket> ConnectAsync(ServerProcess server, CancellationToken ct)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, ct); // the system's queue takes those that the process cannot
        await socket.SendAsync(Upgrade, ct);
        return socket;
    }

    private static async Task<bool> IsAnsweredAsync(Socket socket, TimeSpan patience, CancellationToken ct)
    {
        using CancellationTokenSource late = new(patience);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        byte[] buffer = new byte[1024];
        try
        {
            int received = await socket.ReceiveAsync(buffer, both.Token);
            return buffer.AsSpan(0, received).StartsWith("HTTP/1.1 101"u8);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task<bool> PongAsync(Socket socket, CancellationToken ct)
    {
        await socket.SendAsync(new byte[] { 0x89, 0x80, 0, 0, 0, 0 }, ct); // a masked ping without payload
        byte[] pong = new byte[2];
        return await socket.ReceiveAsync(pong, ct) == 2 && pong is [0x8A, 0];
    }
}

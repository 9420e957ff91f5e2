using System.Text;
using Chat.Server.Transport.Sockets;
using Microsoft.Extensions.Logging;
using WebSocketOptions = Chat.Server.Transport.WebSocketOptions;

namespace Chat.Server.Tests.Transport.Sockets;

/// <summary>Kestrel and WebSockets over this server's own loops.</summary>
[TestFixture]
[CancelAfter(60_000)]
[Platform("Linux")]
internal sealed class LoopHttpTests
{
    private static readonly WebSocketOptions Options = new() { FailTimeout = TimeSpan.FromMilliseconds(50), SweepInterval = TimeSpan.FromMilliseconds(25) };

    [Test]
    public async Task Requests_sent_in_one_go_are_answered_one_after_another([Values] bool isTls, CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct, isTls);

        await client.SendAsync(string.Concat(Enumerable.Repeat("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", 30)), ct);

        for (int i = 0; i < 30; i++)
        {
            Assert.That(await client.ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 200 "));
            Assert.That(Encoding.ASCII.GetString(await client.ReadBytesAsync(15, ct)), Is.EqualTo("5\r\nhello\r\n0\r\n\r\n"));
        }
    }

    [Test]
    public async Task A_large_answer_reaches_a_slow_reader_whole([Values] bool isTls, CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct, isTls);
        byte[] expected = KestrelServer.Large();
        await client.SendAsync("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n", ct);
        Assert.That(await client.ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 200 "));

        for (int at = 0; at < expected.Length; at += 1 << 18)
        {
            byte[] piece = await client.ReadBytesAsync(1 << 18, ct);
            Assert.That(piece.AsSpan().SequenceEqual(expected.AsSpan(at, 1 << 18)), $"from {at}");
        }
    }

    [Test]
    public async Task A_request_learns_that_its_client_is_gone(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls: false, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct);
        await client.SendAsync("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n", ct);
        await server.WaitBegun.Task.WaitAsync(ct);

        client.Dispose();

        await server.WaitAborted.Task.WaitAsync(ct);
    }

    /// <summary>A browser that leaves a page while something large is loading, with more asked for behind it.</summary>
    [Test]
    public async Task A_client_that_goes_away_in_the_middle_of_its_answers_is_no_fault_and_leaves_nothing([Values] bool isTls, CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls, ct);
        for (int i = 0; i < 24; i++)
        {
            using RawClient client = await RawClient.ConnectAsync(server.Port, ct, isTls);
            await client.SendAsync(string.Concat(Enumerable.Repeat("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n", 1 + (i % 3))), ct);
            await client.ReadBytesAsync(100, ct);
        }

        Assert.That(server.Connections, Is.Positive, "Kestrel's own count is one to go by");
        while (server.Connections > 0 || Count(server) > 0)
        {
            ct.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.That(server.Log.Lines.Where(line => line.Level >= LogLevel.Error), Is.Empty);
    }

    [Test]
    public async Task A_half_closed_websocket_gets_its_echoes_before_the_end(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls: false, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct);
        await client.UpgradeAsync(ct);

        await client.SendAsync(ClientFrames.Encode(ClientFrames.Text, "last words"), ct);
        client.EndSending();

        Assert.That(Encoding.UTF8.GetString((await client.ReadFrameAsync(ct))!.Value.Payload), Is.EqualTo("last words"));
        await server.Sessions.Closed.WaitAsync(ct);
    }

    [Test]
    public async Task A_half_closed_http_client_gets_its_answer_and_the_end(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls: false, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct);
        await client.SendAsync("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", ct);
        client.EndSending();

        Assert.That(await client.ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 200 "));
        Assert.That(await client.IsEndedAsync(ct));
    }

    [Test]
    public async Task A_half_closed_http_client_gets_an_answer_that_takes_its_time(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls: false, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct);
        await client.SendAsync("GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n", ct);
        await server.LateBegun.Task.WaitAsync(ct);
        client.EndSending();
        for (int i = 0; i < 20; i++) await HelloAsync(server, ct); // by then the loops have seen the end

        server.Late.SetResult();

        Assert.That(await client.ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 200 "));
        Assert.That(Encoding.ASCII.GetString(await client.ReadBytesAsync(14, ct)), Is.EqualTo("4\r\nlate\r\n0\r\n\r\n"));
        Assert.That(await client.IsEndedAsync(ct));
    }

    private static async Task HelloAsync(KestrelServer server, CancellationToken ct)
    {
        using RawClient other = await RawClient.ConnectAsync(server.Port, ct);
        await other.SendAsync("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", ct);
        Assert.That(await other.ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 200 "));
    }

    [Test]
    public async Task Large_echoes_pass_each_other_in_both_directions([Values] bool isTls, CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct, isTls);
        await client.UpgradeAsync(ct);
        byte[][] payloads = [.. Enumerable.Range(0, 60).Select(seed => Payload(seed))];

        Task sending = SendAllAsync(client, payloads, ct);
        foreach (byte[] payload in payloads) Assert.That((await client.ReadFrameAsync(ct))!.Value.Payload.AsSpan().SequenceEqual(payload));
        await sending;
    }

    [Test]
    public async Task Two_thousand_websockets_come_and_go_and_leave_nothing_on_the_loops(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls: false, ct);
        List<RawClient> clients = [];
        for (int i = 0; i < 2_000; i++) clients.Add(await (await RawClient.ConnectAsync(server.Port, ct)).UpgradeAsync(ct));
        Assert.That(Count(server), Is.EqualTo(2_000));

        for (int i = 0; i < clients.Count; i++)
        {
            if (i % 2 == 0) await clients[i].SendAsync(ClientFrames.EncodeClose(1000), ct);
            if (i % 4 == 0) Assert.That((await clients[i].ReadFrameAsync(ct))!.Value.Opcode, Is.EqualTo(ClientFrames.Close));
            clients[i].Dispose();
        }

        while (Count(server) > 0)
        {
            ct.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static int Count(KestrelServer server)
    {
        int count = 0;
        foreach (SocketLoop loop in server.Loops) count += loop.Count;
        return count;
    }

    private static byte[] Payload(int seed)
    {
        byte[] payload = new byte[60_000];
        new Random(seed).NextBytes(payload);
        return payload;
    }

    private static async Task SendAllAsync(RawClient client, byte[][] payloads, CancellationToken ct)
    {
        foreach (byte[] payload in payloads) await client.SendAsync(ClientFrames.Encode(ClientFrames.Binary, payload), ct);
    }
}

using System.Net.WebSockets;
using System.Text;
using Chat.Server.Transport;
using WebSocketOptions = Chat.Server.Transport.WebSocketOptions;

namespace Chat.Server.Tests.Transport;

/// <summary>One port: HTTP goes to ASP.NET Core as if this layer were not there, upgrades do not.</summary>
[CancelAfter(20_000)]
public sealed class HttpPassThroughTests
{
    private static readonly WebSocketOptions Options = new() { FailTimeout = TimeSpan.FromMilliseconds(50), SweepInterval = TimeSpan.FromMilliseconds(25) };

    [Test]
    public async Task Two_gets_on_one_connection_then_an_upgrade_on_another([Values] bool isTls, CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls, ct);
        using RawClient http = await RawClient.ConnectAsync(server.Port, ct, isTls);
        for (int i = 0; i < 2; i++)
        {
            await http.SendAsync("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", ct);
            Assert.That(await http.ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 200 ").And.Contain("Transfer-Encoding: chunked"));
            Assert.That(Encoding.ASCII.GetString(await http.ReadBytesAsync(15, ct)), Is.EqualTo("5\r\nhello\r\n0\r\n\r\n"));
        }

        using RawClient client = await RawClient.ConnectAsync(server.Port, ct, isTls);
        await EchoAsync(await client.UpgradeAsync(ct), ct);
    }

    [Test]
    public async Task A_head_that_comes_byte_by_byte_and_a_large_body_arrive_intact([Values] bool isTls, CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct, isTls);
        byte[] body = new byte[300_000];
        new Random(3).NextBytes(body);
        foreach (char c in "POST /reverse HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000\r\n\r\n") await client.SendAsync(c.ToString(), ct);
        await client.SendAsync(body, ct);

        Assert.That(await client.ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 200 "));
        Array.Reverse(body);
        Assert.That((await client.ReadBytesAsync(body.Length, ct)).AsSpan().SequenceEqual(body));
    }

    [Test]
    public async Task A_connection_that_carried_http_can_be_upgraded_later([Values] bool isTls, CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct, isTls);
        await client.SendAsync("GET /missing HTTP/1.1\r\nHost: localhost\r\n\r\n", ct);
        Assert.That(await client.ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 404 "));

        await EchoAsync(await client.UpgradeAsync(ct), ct);

        await client.SendAsync(ClientFrames.EncodeClose(4321), ct);
        Assert.That((await client.ReadFrameAsync(ct))!.Value.Opcode, Is.EqualTo(ClientFrames.Close));
        Assert.That(await client.ReadFrameAsync(ct), Is.Null);
        Assert.That((await server.Sessions.Closed.WaitAsync(ct)).Code, Is.EqualTo(4321));
    }

    [TestCase("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 9", 426)]
    [TestCase("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13", 400)]
    [TestCase("GET /ws ", "GET http://a/ws ", 400)]
    [TestCase("GET /ws ", "POST /ws ", 400)]
    [TestCase("Host: a", "Host: a\r\nOrigin: https://evil.example", 403)]
    [TestCase("Upgrade: websocket\r\n", "", 426)]
    public async Task A_bad_handshake_is_refused_first_or_later_on_a_connection(string good, string bad, int status, CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls: false, ct);
        string request = PipeServer.Handshake.Replace(good, bad, StringComparison.Ordinal);
        foreach (string before in new[] { "", "GET /missing HTTP/1.1\r\nHost: a\r\n\r\n" })
        {
            using RawClient client = await RawClient.ConnectAsync(server.Port, ct);
            if (before.Length > 0)
            {
                await client.SendAsync(before, ct);
                await client.ReadHeadAsync(ct);
            }

            await client.SendAsync(request, ct);

            Assert.That(await client.ReadHeadAsync(ct), Does.StartWith($"HTTP/1.1 {status} ").And.Contain("Connection: close"));
            Assert.That(await client.IsEndedAsync(ct));
        }
    }

    [Test]
    public async Task Bytes_before_the_answer_are_refused_and_the_answer_arrives(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls: false, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct);
        await client.SendAsync(PipeServer.Handshake + new string('x', 100_000), ct);

        Assert.That(await client.ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 400 "));
        Assert.That(await client.IsEndedAsync(ct));
    }

    [Test]
    public async Task The_frameworks_own_client_is_served(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Options, isTls: false, ct);
        using ClientWebSocket client = new();
        client.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        client.Options.SetRequestHeader("Origin", $"http://127.0.0.1:{server.Port}");
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/ws?token=none"), ct);
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, ct);

        byte[] buffer = new byte[100];
        WebSocketReceiveResult received = await client.ReceiveAsync(buffer, ct);

        Assert.That(Encoding.UTF8.GetString(buffer, 0, received.Count), Is.EqualTo("hello"));
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "", ct);
        Assert.That(client.State, Is.EqualTo(WebSocketState.Closed));
    }

    private static async Task EchoAsync(RawClient client, CancellationToken ct)
    {
        byte[] payload = new byte[60_000];
        await client.SendAsync(ClientFrames.Encode(ClientFrames.Binary, payload), ct);
        (int opcode, byte[] echo) = (await client.ReadFrameAsync(ct))!.Value;
        Assert.That(opcode, Is.EqualTo(ClientFrames.Binary));
        Assert.That(echo.AsSpan().SequenceEqual(payload));
    }
}

using System.Net;
using System.Text;
using Chat.Server.Transport;
using WebSocketOptions = Chat.Server.Transport.WebSocketOptions;

namespace Chat.Server.Tests.Transport;

/// <summary>A balancer's connections name the client in front of everything, with and without TLS; nobody else's do.</summary>
[CancelAfter(20_000)]
[Property("Promise", "4.3")]
public sealed class ProxyProtocolTests
{
    private const string Header = "PROXY TCP4 203.0.113.7 127.0.0.1 56789 8080\r\n";

    private static readonly WebSocketOptions Trusting = new()
    {
        TrustedProxies = ["127.0.0.0/8"],
        HandshakeTimeout = TimeSpan.FromMilliseconds(200),
        SweepInterval = TimeSpan.FromMilliseconds(25),
    };

    [Test]
    public async Task The_client_that_a_trusted_balancer_names_is_who_connects([Values] bool isTls, CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Trusting, isTls, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct, isTls, Encoding.ASCII.GetBytes(Header));

        await client.UpgradeAsync(ct);

        Assert.That(server.Sessions.Connection!.RemoteEndPoint, Is.EqualTo(IPEndPoint.Parse("203.0.113.7:56789")));
    }

    [Test]
    public async Task Http_sees_the_same_client_and_not_the_balancer([Values] bool isTls, CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Trusting, isTls, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct, isTls, Encoding.ASCII.GetBytes(Header));

        await client.SendAsync("GET /who HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", ct);

        Assert.That(await client.ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 200 "));
        Assert.That(Encoding.ASCII.GetString(await client.ReadBytesAsync(4_096, ct)), Does.Contain("203.0.113.7"));
    }

    [Test]
    public async Task A_balancers_own_check_is_the_balancers(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Trusting, isTls: false, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct);

        await client.SendAsync(
            [.. Convert.FromHexString("0D0A0D0A000D0A515549540A20000000"), .. Encoding.ASCII.GetBytes(PipeServer.Handshake)], ct);
        await client.ReadHeadAsync(ct);

        Assert.That(((IPEndPoint)server.Sessions.Connection!.RemoteEndPoint!).Address, Is.EqualTo(IPAddress.Loopback));
    }

    [Test]
    public async Task A_trusted_balancer_that_sends_no_header_is_cut_without_an_answer(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Trusting, isTls: false, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct);

        await client.SendAsync(PipeServer.Handshake, ct);

        Assert.That(await client.ReadHeadAsync(ct), Is.Empty);
    }

    [Test]
    public async Task A_header_that_never_ends_is_cut_in_the_time_of_a_handshake(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(Trusting, isTls: false, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct);

        await client.SendAsync("PROXY TCP4 203.", ct);

        Assert.That(await client.ReadHeadAsync(ct), Is.Empty);
    }

    [Test]
    public async Task A_header_from_somebody_else_is_no_request(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(
            Trusting with { TrustedProxies = ["203.0.113.0/24"] }, isTls: false, ct);
        using RawClient client = await RawClient.ConnectAsync(server.Port, ct);

        await client.SendAsync(Header + "GET /who HTTP/1.1\r\nHost: localhost\r\n\r\n", ct);

        Assert.That(await client.ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 400 "));
    }
}

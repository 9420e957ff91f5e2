using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;

namespace Chat.Server.Tests.Wire;

/// <summary>What comes from one address is bounded, by the address that a trusted balancer names (promise P12).</summary>
[TestFixture]
[Category("postgres")]
[Property("Promise", "P12")]
internal sealed class AddressLimitTests : ServerFixture
{
    protected override IReadOnlyDictionary<string, string?> Overrides => new Dictionary<string, string?>
    {
        ["Server:TrustedProxies:0"] = "127.0.0.1",
        ["Limits:AddressConnections"] = "2",
        ["Limits:AddressSignInsPerSecond"] = "0.01", // slow, so that none comes back during a test
        ["Limits:AddressSignInsBurst"] = "3",
    };

    [TestCase("203.0.113.1", "203.0.113.1", "203.0.113.2")]
    [TestCase("2001:db8:0:1::1", "2001:db8:0:1:2::2", "2001:db8:0:2::1")]
    [CancelAfter(60_000)]
    public async Task One_connection_too_many_is_refused_with_a_time_and_there_is_room_when_another_ends(
        string first, string second, string other, CancellationToken ct)
    {
        WireClient leaves = await WireClient.ConnectAsync(Url, ct, front: Front(first));
        using WireClient stays = await WireClient.ConnectAsync(Url, ct, front: Front(second));

        using HttpClient http = From(second);
        using HttpResponseMessage refused = await http.GetAsync("/health/live", ct);
        Assert.That((int)refused.StatusCode, Is.EqualTo(429));
        Assert.That(refused.Headers.RetryAfter?.Delta, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(1)));
        await Assert.ThatAsync(() => WireClient.ConnectAsync(Url, ct, front: Front(first)), Throws.InstanceOf<WebSocketException>());
        using WireClient elsewhere = await WireClient.ConnectAsync(Url, ct, front: Front(other));

        await leaves.CloseAsync(ct);
        leaves.Dispose();
        while (true)
        {
            using HttpResponseMessage answer = await http.GetAsync("/health/live", ct); // a connection of HTTP counts, and ends
            if (answer.IsSuccessStatusCode) break;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        }

        http.Dispose();
        using WireClient again = await UntilAdmittedAsync(first, ct);
    }

    [Test, CancelAfter(60_000)]
    public async Task Sign_ins_of_one_address_are_limited_whatever_account_they_name(CancellationToken ct)
    {
        using HttpClient http = From("203.0.113.30"), other = From("203.0.113.31");
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage wrong = await SignInAsync(http, $"nobody{i}@example.test", ct);
            Assert.That((int)wrong.StatusCode, Is.EqualTo(401));
        }

        using HttpResponseMessage limited = await SignInAsync(http, "somebody@example.test", ct);
        using HttpResponseMessage elsewhere = await SignInAsync(other, "somebody@example.test", ct);

        Assert.That((int)limited.StatusCode, Is.EqualTo(429));
        Assert.That(limited.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(await limited.Content.ReadAsStringAsync(ct), Does.Contain("rate_limited"));
        Assert.That((int)elsewhere.StatusCode, Is.EqualTo(401));
    }

    [Test, CancelAfter(60_000)]
    public async Task Hellos_with_tokens_of_nobody_close_the_door_for_their_address_only(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        for (int i = 0; i < 3; i++)
            Assert.That(await RefusedAsync("203.0.113.40", "a.b.c", ct), Is.EqualTo((int)DisconnectCode.TokenInvalid));

        Assert.That(await RefusedAsync("203.0.113.40", anna.AccessToken, ct), Is.EqualTo((int)DisconnectCode.Overloaded));
        using WireClient elsewhere = await WireClient.ConnectAsync(Url, ct, front: Front("203.0.113.41"));
        await elsewhere.HelloAsync(anna.AccessToken, ct);
    }

    private static string Front(string address) =>
        address.Contains(':', StringComparison.Ordinal) ? $"PROXY TCP6 {address} ::1 5000 80\r\n" : $"PROXY TCP4 {address} 127.0.0.1 5000 80\r\n";

    private static Task<HttpResponseMessage> SignInAsync(HttpClient http, string login, CancellationToken ct) =>
        http.PostAsJsonAsync("/api/auth/login", new { login, password = "not the password" }, ct);

    private async Task<int?> RefusedAsync(string address, string token, CancellationToken ct)
    {
        using WireClient client = await UntilAdmittedAsync(address, ct);
        await client.SendAsync(new HelloRequest(ProtocolLimits.ProtocolVersion, token, "wire-client", []), ct);
        return await client.ClosedAsync(ct);
    }

    /// <summary>The server may see the end of an earlier connection a moment later than the client.</summary>
    private async Task<WireClient> UntilAdmittedAsync(string address, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await WireClient.ConnectAsync(Url, ct, front: Front(address));
            }
            catch (WebSocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
            }
        }
    }

    private HttpClient From(string address)
    {
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (context, ct) =>
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, ct);
                NetworkStream stream = new(socket, ownsSocket: true);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(Front(address)), ct);
                return stream;
            },
        };
        return new HttpClient(handler) { BaseAddress = Url };
    }
}

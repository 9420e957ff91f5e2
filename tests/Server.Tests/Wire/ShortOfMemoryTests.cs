using System.Net;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;

namespace Chat.Server.Tests.Wire;

/// <summary>A node at its memory limit: refuses new work before it costs anything, says so to balancers, and keeps answering.</summary>
[TestFixture]
[Category("postgres")]
[Property("Promise", "P12")]
internal sealed class ShortOfMemoryTests : ServerFixture
{
    protected override IReadOnlyDictionary<string, string?> Overrides => new Dictionary<string, string?>
    {
        ["Server:MaxMemoryBytes"] = "1",
    };

    [Test, CancelAfter(30_000)]
    public async Task A_sign_in_is_sent_elsewhere(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        using WireClient client = await WireClient.ConnectAsync(Url, ct);

        await client.SendAsync(new HelloRequest(ProtocolLimits.ProtocolVersion, anna.AccessToken, "test", []), ct);

        Assert.That(await client.ClosedAsync(ct), Is.EqualTo((int)DisconnectCode.Overloaded));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_message_over_REST_is_busy_with_a_time_to_come_back_and_readiness_says_why(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        using HttpClient http = new() { BaseAddress = Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", anna.AccessToken);
        string message = $$"""{"clientMessageId":"{{Guid.NewGuid()}}","text":"hello"}""";
        using StringContent body = new(message, System.Text.Encoding.UTF8, "application/json");

        using HttpResponseMessage sent = await http.PostAsync(new Uri("/api/chats/1/messages", UriKind.Relative), body, ct);
        using HttpResponseMessage ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), ct);
        using HttpResponseMessage live = await http.GetAsync(new Uri("/health/live", UriKind.Relative), ct);

        Assert.That(sent.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(sent.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(await ready.Content.ReadAsStringAsync(ct), Does.Contain("short of memory"));
        Assert.That((ready.StatusCode, live.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
    }
}

using System.Text.Json.Nodes;
using Chat.Sdk.Push;
using Chat.Sdk.Tests.Accounts;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>Notifications, protocol-spec.md §8.15: the calls.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class PushTests
{
    private const string Stored =
        """
        {"transport":"web","endpoint":"https://push.example.net/a","content":"sender","createdAt":"2026-01-01T00:00:00+00:00","changedAt":"2026-01-02T00:00:00+00:00"}
        """;

    [Test, CancelAfter(10_000)]
    public async Task Each_call_goes_where_it_should_and_its_answer_is_read(CancellationToken ct)
    {
        List<(string Path, string Body)> calls = [];
        using FakeRest rest = new((request, body) =>
        {
            calls.Add(($"{request.Method} {request.RequestUri!.PathAndQuery}", body));
            return (200, request.Method == HttpMethod.Get ? $$"""{"publicKey":"key","transports":["web","pigeon"],"subscription":{{Stored}}}""" : Stored);
        });
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });
        PushClient push = world.Client.Push;

        PushState state = await push.ReadAsync(ct);
        PushSubscription set = await push.SetAsync(new NewPushSubscription(PushTransport.Web, "https://push.example.net/a", PushContent.Sender) { P256dh = "p", Auth = "a" }, ct);
        await push.SetAsync(new NewPushSubscription(PushTransport.Fcm, "token"), ct);
        await push.RemoveAsync(ct);

        Assert.That(state.Transports, Is.EqualTo(new[] { PushTransport.Web, PushTransport.Unknown }));
        Assert.That((state.PublicKey, state.Subscription), Is.EqualTo(("key", set)));
        Assert.That((set.Content, set.ChangedAt), Is.EqualTo((PushContent.Sender, new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero))));
        Assert.That(calls.Select(call => call.Path), Is.EqualTo(new[] { "GET /api/push", "PUT /api/push", "PUT /api/push", "DELETE /api/push" }));
        JsonNode body = JsonNode.Parse(calls[1].Body)!, token = JsonNode.Parse(calls[2].Body)!;
        Assert.That(
            ((string)body["transport"]!, (string)body["endpoint"]!, (string)body["p256dh"]!, (string)body["auth"]!, (string)body["content"]!),
            Is.EqualTo(("web", "https://push.example.net/a", "p", "a", "sender")));
        Assert.That(token.ToJsonString(), Is.EqualTo("""{"transport":"fcm","endpoint":"token","content":"full"}"""));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_device_without_one_has_none(CancellationToken ct)
    {
        using FakeRest rest = new((_, _) => (200, """{"publicKey":null,"transports":[],"subscription":null}"""));
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });

        PushState state = await world.Client.Push.ReadAsync(ct);

        Assert.That((state.PublicKey, state.Transports.Count, state.Subscription), Is.EqualTo(((string?)null, 0, (PushSubscription?)null)));
    }
}

using Chat.Sdk.Receipts;
using Chat.Sdk.Tests.Accounts;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>Who has a message, and since when, protocol-spec.md §8.5.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class MessageReceiptsTests
{
    private const string Page =
        """
        {"items":[{"principalId":3,"delivered":true,"read":true,"deliveredAt":"2026-05-01T12:00:00Z","readAt":"2026-05-01T12:04:00Z"},
                  {"principalId":9,"delivered":true,"read":false,"deliveredAt":null,"readAt":null}],
         "delivered":2,"read":1,"members":5,"nextCursor":"9"}
        """;

    [Test, CancelAfter(10_000)]
    public async Task It_is_asked_for_by_chat_and_sequence_page_after_page(CancellationToken ct)
    {
        List<string> calls = [];
        using FakeRest rest = new((request, _) =>
        {
            calls.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
            return (200, Page);
        });
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });

        MessageReceipts page = await world.Client.Receipts.InfoAsync(7, 12, cancellationToken: ct);
        await world.Client.Receipts.InfoAsync(7, 12, page.NextCursor, 2, ct);

        DateTimeOffset noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
        Assert.That(page.Members, Is.EqualTo(new[]
        {
            new MemberReceipt(3, true, true, noon, noon.AddMinutes(4)), new MemberReceipt(9, true, false, null, null),
        }));
        Assert.That((page.DeliveredCount, page.ReadCount, page.MemberCount, page.NextCursor), Is.EqualTo((2, 1, 5, "9")));
        Assert.That(calls, Is.EqualTo(new[] { "GET /api/messages/7-12/info?limit=100", "GET /api/messages/7-12/info?limit=2&cursor=9" }));
    }

    [TestCase(239, "not_sender", 403)]
    [TestCase(240, "no_receipts", 409)]
    [CancelAfter(10_000)]
    public async Task A_refusal_is_told_by_its_name(int code, string name, int status, CancellationToken ct)
    {
        using FakeRest rest = new((_, _) => (status, FakeRest.Problem(code, name)));
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });

        Assert.That(
            async () => await world.Client.Receipts.InfoAsync(7, 12, cancellationToken: ct),
            Throws.InstanceOf<ChatException>().With.Property(nameof(ChatException.Name)).EqualTo(name));
    }
}

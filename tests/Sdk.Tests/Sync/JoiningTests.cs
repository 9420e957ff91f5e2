using Chat.Protocol.Codes;
using Chat.Sdk.Chats;
using Chat.Sdk.Tests.Accounts;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>Channels, invite links and the gallery: what goes out, and what is made of the answers.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class JoiningTests
{
    private const string Link =
        """{"code":"a","chatId":7,"createdBy":12,"createdAt":"2026-01-01T00:00:00+00:00","expiresAt":null,"maxUses":3,"uses":1,"revoked":false}""";

    private const string Shared = """
        {"items":[
            {"chatId":7,"sequence":8,"senderId":13,"createdAt":"2026-01-01T00:00:00+00:00","text":"The plan",
             "content":{"kind":"document","marks":[],"media":{"blobId":"b","contentType":"application/pdf","bytes":9,"fileName":"plan.pdf"}}},
            {"chatId":7,"sequence":4,"senderId":13,"createdAt":"2026-01-01T00:00:00+00:00","content":{"kind":"hologram"}}],"nextCursor":"4"}
        """;

    [Test, CancelAfter(10_000)]
    public async Task Each_is_one_call_and_lists_are_read_page_after_page(CancellationToken ct)
    {
        using FakeRest rest = new((request, _) => (200, Answer(request.RequestUri!.PathAndQuery, request.Method == HttpMethod.Get)));
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });
        JoiningClient joining = world.Client.Joining;

        long channel = await joining.CreateChannelAsync("News", handle: "harbour_news", cancellationToken: ct);
        ChatPreview preview = await joining.PreviewChannelAsync("harbour_news", ct);
        await joining.SubscribeAsync("harbour_news", ct);
        InviteLink link = await joining.CreateInviteAsync(7, maxUses: 3, cancellationToken: ct);
        IReadOnlyList<InviteLink> links = await joining.InvitesAsync(7, ct);
        await joining.RevokeInviteAsync(7, "a", ct);
        await joining.PreviewInviteAsync("a", ct);
        long joined = await joining.JoinAsync("a", ct);
        MediaPage media = await joining.MediaAsync(7, [ContentKind.Voice, ContentKind.Document], "9", 2, ct);

        Assert.That(rest.Asked, Is.EqualTo(new[]
        {
            "POST /api/channels", "GET /api/channels/harbour_news", "POST /api/channels/harbour_news/subscribe", "POST /api/chats/7/invites",
            "GET /api/chats/7/invites?limit=100", "GET /api/chats/7/invites?limit=100&cursor=1.a", "DELETE /api/chats/7/invites/a", "GET /api/invites/a",
            "POST /api/invites/a/join", "GET /api/chats/7/media?limit=2&kind=voice&kind=document&cursor=9",
        }));
        Assert.That((channel, joined, link.MaxUses, links.Count), Is.EqualTo((7L, 7L, (int?)3, 2)));
        Assert.That(preview, Is.EqualTo(new ChatPreview(7, ChatKind.Channel, "News", null, null, 20_000, Joined: false)));
        Assert.That((media.Sequences, media.NextCursor), Is.EqualTo((new[] { 8L, 4 }, "4")));
        SharedMessage document = media.Messages[0];
        Assert.That((document.ChatId, document.Sequence, document.SenderId, document.Text), Is.EqualTo((7L, 8L, 13L, "The plan")));
        Assert.That((document.Content.Kind, document.Content.Media?.FileName), Is.EqualTo((ContentKind.Document, "plan.pdf")));
        Assert.That((media.Messages[1].Text, media.Messages[1].Content.Kind), Is.EqualTo(("", ContentKind.None)), "of a later version");
    }

    private static string Answer(string path, bool isRead) => path switch
    {
        "/api/chats/7/invites?limit=100" => $$"""{"items":[{{Link}}],"nextCursor":"1.a"}""",
        _ when path.Contains("invites?", StringComparison.Ordinal) => $$"""{"items":[{{Link}}]}""",
        "/api/chats/7/invites" => Link,
        _ when path.Contains("media", StringComparison.Ordinal) => Shared,
        _ when isRead => """{"chatId":7,"kind":"channel","name":"News","memberCount":20000,"joined":false}""",
        _ => """{"chatId":7}""",
    };
}

using System.Collections.Concurrent;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Sdk.Notices;
using Chat.Sdk.Tests.Accounts;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>Notices, protocol-spec.md §8.21: when there may be others, and the calls.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class NoticesTests
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 9, 0, 0, TimeSpan.Zero);

    [Test, CancelAfter(10_000)]
    public async Task What_the_inbox_says_is_told_and_how_far_is_read_elsewhere(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        ConcurrentQueue<NoticesChange> told = [];
        world.Client.Notices.Changed += told.Enqueue;
        void Push(EventKind kind, string? text, long? replyTo = null) => world.Server.Push(
            world.Server.Log(FakeServer.Inbox).Append(kind, FakeServer.Me, text, null, 31) with { ReplyTo = replyTo });

        Push(EventKind.SignedIn, "laptop");
        Push(EventKind.CallEnded, "ended");
        Push(EventKind.PasskeyAdded, "key ring");
        Push(EventKind.DraftChanged, null);
        Push(EventKind.CallEnded, "missed");
        Push(EventKind.ChatRemoved, null);
        Push(EventKind.NoticesRead, null, At.ToUnixTimeMilliseconds());
        await World.UntilAsync(() => told.Any(change => change.ReadUpTo is not null), ct);

        Assert.That(told, Is.EqualTo(new NoticesChange[] { new(null), new(null), new(null), new(null), new(At) }));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_a_chat_says_to_one_is_told_and_what_it_says_to_others_is_not(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        ConcurrentQueue<NoticesChange> told = [];
        world.Client.Notices.Changed += told.Enqueue;
        WireContent Naming(long person, int? forwarded = null) =>
            new(ContentKind.Text, forwarded, [new WireMark(MarkKind.Mention, 0, 2, person)], null, null, null);
        void Push(EventKind kind, long sender, long? subject, WireContent? content)
        {
            WireEvent e = world.Server.Log(FakeServer.ChatId).Append(kind, sender, "text", null, subject) with { Content = content };
            world.Server.Push(e);
        }

        Push(EventKind.Message, FakeServer.Peer, null, Naming(FakeServer.Peer));
        Push(EventKind.Message, FakeServer.Me, null, Naming(FakeServer.Me));
        Push(EventKind.Message, FakeServer.Peer, null, Naming(FakeServer.Me, forwarded: 1));
        Push(EventKind.RoleChanged, FakeServer.Peer, FakeServer.Peer, null);
        Push(EventKind.RoleChanged, FakeServer.Peer, FakeServer.Me, null);
        await world.RunUntilAsync(() => told.Count == 1, ct);
        Push(EventKind.Message, FakeServer.Peer, null, Naming(FakeServer.Me));
        await world.RunUntilAsync(() => told.Count == 2, ct);

        Assert.That(told, Is.EqualTo(new NoticesChange[] { new(null), new(null) }));
    }

    [Test, CancelAfter(10_000)]
    public async Task Each_call_goes_where_it_should_and_its_answer_is_read(CancellationToken ct)
    {
        List<(string Path, string Body)> calls = [];
        using FakeRest rest = new((request, body) =>
        {
            string path = request.RequestUri!.PathAndQuery;
            calls.Add(($"{request.Method} {path}", body));
            if (path.EndsWith("/read", StringComparison.Ordinal)) return (204, "");
            return (200, path.EndsWith("/unread", StringComparison.Ordinal) ? """{"count":3,"readUpTo":"2030-01-01T09:00:00+00:00"}""" :
                """
                {"items":[
                  {"id":"reaction-7-9-42","kind":"reaction","at":"2030-01-01T09:00:00+00:00","read":true,"actorId":42,"chatId":7,"chatName":"Engine room",
                   "sequence":9,"text":"Aye","content":"voice","emoji":"👍","role":null,"callId":null},
                  {"id":"role-7-10","kind":"role_changed","at":"2030-01-01T09:00:00+00:00","read":false,"actorId":42,"role":"admin"},
                  {"id":"inbox-3","kind":"new_visitor","at":"2030-01-01T09:00:00+00:00","read":false,"actorId":42,"role":"captain","visitor":{}}
                ],"nextCursor":"1-0-0-0...."}
                """);
        });
        using HttpClient http = new(rest);
        await using World world = await World.OnlineAsync(ct, configure: options => options with { HttpClient = http });
        NoticesClient notices = world.Client.Notices;

        NoticePage page = await notices.ListAsync("2-0-0-0....", 5, ct);
        await notices.ListAsync(cancellationToken: ct);
        UnreadNotices unread = await notices.CountUnreadAsync(ct);
        await notices.MarkReadAsync(At, ct);

        Assert.That(page.Items[0], Is.EqualTo(new Notice("reaction-7-9-42", NoticeKind.Reaction, At, Read: true, 42)
        {
            ChatId = 7,
            ChatName = "Engine room",
            Sequence = 9,
            Text = "Aye",
            Content = ContentKind.Voice,
            Emoji = "👍",
        }));
        Assert.That(
            page.Items.Skip(1).Select(item => (item.Kind, item.Role)),
            Is.EqualTo(new (NoticeKind, MemberRole?)[] { (NoticeKind.RoleChanged, MemberRole.Admin), (NoticeKind.Unknown, MemberRole.None) }));
        Assert.That((page.NextCursor, unread), Is.EqualTo(("1-0-0-0....", new UnreadNotices(3, At))));
        Assert.That(calls, Is.EqualTo(new[]
        {
            ("GET /api/notices?limit=5&cursor=2-0-0-0....", ""), ("GET /api/notices?limit=50", ""), ("GET /api/notices/unread", ""),
            ("POST /api/notices/read", """{"upTo":"2030-01-01T09:00:00+00:00"}"""),
        }));
    }
}

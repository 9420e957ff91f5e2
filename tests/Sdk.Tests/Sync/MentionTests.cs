using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>Which messages mention one: what the service says of it is asked for when it may have changed, protocol-spec.md §8.18.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class MentionTests
{
    [Test, CancelAfter(10_000)]
    public async Task What_mentions_one_is_asked_for_when_it_comes_and_is_none_when_all_is_read(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        WireEvent first = Mention(world, new WireMentions(1, world.Server.Log().Head + 1), FakeServer.Me);
        await UntilAsync(world, new UnreadMentions(1, first.Sequence), ct);

        await world.Chat.MarkReadAsync(cancellationToken: ct);

        Assert.That(world.Chat.Summary!.Mentions, Is.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task It_is_what_the_service_says_and_not_counted(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        WireEvent blocked = Mention(world, null, FakeServer.Me);
        await World.UntilAsync(() => world.Chat.Summary?.HeadSequence == blocked.Sequence, ct);
        WireEvent named = Mention(world, new WireMentions(1, blocked.Sequence + 1), FakeServer.Me);

        await UntilAsync(world, new UnreadMentions(1, named.Sequence), ct);
    }

    [TestCase(EventKind.Edited)]
    [TestCase(EventKind.Deleted)]
    [CancelAfter(10_000)]
    public async Task What_is_edited_or_deleted_mentions_one_no_more(EventKind change, CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        FakeLog log = world.Server.Log();
        WireEvent first = Mention(world, new WireMentions(1, log.Head + 1), FakeServer.Me);
        await UntilAsync(world, new UnreadMentions(1, first.Sequence), ct);

        log.Mentions = null;
        world.Server.Push(log.Change(change, FakeServer.Peer, first.Sequence, change == EventKind.Edited ? "nobody" : null));

        await UntilAsync(world, null, ct);
        Assert.That(world.Chat.Summary!.Unread, Is.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_another_device_has_read_is_asked_for_where_it_is_a_part(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        FakeLog log = world.Server.Log();
        WireEvent first = Mention(world, new WireMentions(1, log.Head + 1), FakeServer.Me);
        WireEvent second = Mention(world, new WireMentions(2, first.Sequence), FakeServer.Me);
        await UntilAsync(world, new UnreadMentions(2, first.Sequence), ct);

        (log.ReadUpTo, log.Mentions) = (first.Sequence, new WireMentions(1, second.Sequence));
        world.Server.Connection.Send(new ReceiptsPush(FakeServer.ChatId, [new WireReceipt(FakeServer.Me, first.Sequence, first.Sequence)]));

        await UntilAsync(world, new UnreadMentions(1, second.Sequence), ct);
    }

    [Test, CancelAfter(10_000)]
    public async Task What_one_deletes_for_oneself_is_asked_for(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        FakeLog log = world.Server.Log();
        WireEvent first = Mention(world, new WireMentions(1, log.Head + 1), FakeServer.Me);
        world.Server.Post("after it");
        await UntilAsync(world, new UnreadMentions(1, first.Sequence), ct);

        log.Mentions = null;
        world.Server.Push(
            world.Server.Log(FakeServer.Inbox).Change(EventKind.Hidden, FakeServer.Me, first.Sequence) with { SubjectId = FakeServer.ChatId });

        await UntilAsync(world, null, ct);
    }

    [TestCase(EventKind.Edited)]
    [TestCase(EventKind.Deleted)]
    [TestCase(EventKind.Hidden)]
    [CancelAfter(10_000)]
    public async Task What_goes_while_the_answer_is_under_way_leaves_no_mention(EventKind change, CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        FakeLog log = world.Server.Log();
        int asked = 0;
        world.Server.Intercept = (connection, header, body) =>
        {
            if (header.Type != FrameType.GetChat || !GetChatRequest.TryRead(body, out uint _, out GetChatRequest get) || get.ChatId != FakeServer.ChatId
                || Interlocked.Increment(ref asked) > 1)
                return false;

            ChatReply before = new(log.ToChat());
            log.Mentions = null;
            world.Server.Push(change == EventKind.Hidden
                ? world.Server.Log(FakeServer.Inbox).Change(change, FakeServer.Me, log.Head - 1) with { SubjectId = FakeServer.ChatId }
                : log.Change(change, FakeServer.Peer, log.Head - 1, change == EventKind.Edited ? "nobody" : null));
            connection.Send(before, header.RequestId);
            return true;
        };
        Mention(world, new WireMentions(1, log.Head + 1), FakeServer.Me);
        world.Server.Post("after it");

        await world.RunUntilAsync(() => Volatile.Read(ref asked) == 2, ct);

        await world.Chat.HistoryAsync(cancellationToken: ct); // all that was sent has been taken
        Assert.That(world.Chat.Summary!.Mentions, Is.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task All_who_are_named_do_not_ask_at_once_nor_for_each_message(CancellationToken ct)
    {
        Queue<long> asked = [];
        await using World world = await World.OnlineAsync(ct, server =>
        {
            server.Log().MemberCount = 20_000;
            NoteAsked(server, asked);
        });
        Collected reader = world.Collect();
        for (int i = 0; i < 5; i++) Mention(world, new WireMentions(i + 1, 2), FakeServer.Me);
        await reader.WaitForAsync(5, ct);

        DateTimeOffset before = world.Clock.GetUtcNow();
        await world.RunUntilAsync(() => world.Chat.Summary!.Mentions is not null, ct, TimeSpan.FromMilliseconds(100));
        Assert.That(world.Clock.GetUtcNow() - before, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(4.9)), "the middle of ten seconds");
        for (int i = 0; i < 60; i++) await world.StepAsync(TimeSpan.FromMilliseconds(100));

        Assert.That((world.Chat.Summary!.Mentions, asked.Count), Is.EqualTo((new UnreadMentions(5, 2), 1)));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_channel_mentions_nobody_and_is_not_asked_for(CancellationToken ct)
    {
        const long Channel = 70;
        Queue<long> asked = [];
        await using World world = await World.OnlineAsync(ct, server =>
        {
            server.AddChat(Channel, ChatKind.Channel);
            NoteAsked(server, asked);
        });
        Collected reader = world.Collect();
        Mention(world, null, FakeServer.Me, Channel);
        WireEvent named = Mention(world, new WireMentions(1, world.Server.Log().Head + 1), FakeServer.Me);
        await reader.WaitForAsync(2, ct);

        await UntilAsync(world, new UnreadMentions(1, named.Sequence), ct);

        for (int i = 0; i < 10; i++) await world.StepAsync(TimeSpan.FromMilliseconds(100));
        Assert.That(asked, Is.EqualTo(new[] { FakeServer.ChatId }));
    }

    [Test]
    public void A_text_is_made_with_whom_it_mentions()
    {
        MentionText text = new MentionText().Add("👋 ").Mention(3, "@Anna").Add(" and ").Mention(4, "@Bert");

        Assert.That(text.Text, Is.EqualTo("👋 @Anna and @Bert"));
        Assert.That(text.Content.Marks, Is.EqualTo(new[] { new TextMark(MarkKind.Mention, 3, 5, 3), new TextMark(MarkKind.Mention, 13, 5, 4) }));
    }

    /// <summary>Notes which chats are asked for, one by one.</summary>
    private static void NoteAsked(FakeServer server, Queue<long> asked) => server.Intercept = (_, header, body) =>
    {
        if (header.Type == FrameType.GetChat && GetChatRequest.TryRead(body, out uint _, out GetChatRequest get) && get.ChatId != FakeServer.Inbox)
            asked.Enqueue(get.ChatId);
        return false;
    };

    /// <summary>The peer mentions somebody; from then on the service says that of the chat.</summary>
    private static WireEvent Mention(World world, WireMentions? then, long named, long chatId = FakeServer.ChatId)
    {
        FakeLog log = world.Server.Log(chatId);
        WireContent content = new(ContentKind.Text, null, [new WireMark(MarkKind.Mention, 0, 4, named)], null, null, null);
        log.Mentions = then;
        WireEvent stored = log.Append(EventKind.Message, FakeServer.Peer, "@you, look", Guid.NewGuid(), content: content);
        world.Server.Push(stored);
        return stored;
    }

    private static Task UntilAsync(World world, UnreadMentions? mentions, CancellationToken ct) =>
        world.RunUntilAsync(() => world.Chat.Summary is { } chat && chat.Mentions == mentions, ct);
}

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>R-086, R-088, R-089: what is done to messages that are there, protocol-spec.md §6.25.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class MessageChangeTests
{
    [Test, CancelAfter(10_000)]
    public async Task Changes_come_as_events_and_count_into_a_message_that_the_app_holds(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();
        long target = world.Server.Post("one").Sequence;
        FakeLog log = world.Server.Log();
        world.Server.Push(log.Change(EventKind.Edited, FakeServer.Peer, target, "two"));
        world.Server.Push(log.Change(EventKind.Reaction, FakeServer.Peer, target, "👍"));
        world.Server.Push(log.Change(EventKind.Reaction, FakeServer.Me, target, "👍"));
        world.Server.Push(log.Change(EventKind.Reaction, FakeServer.Peer, target, "❤️", previous: "👍"));
        world.Server.Push(log.Change(EventKind.Pinned, FakeServer.Peer, target));
        await reader.WaitForAsync(6, ct);

        ChatMessage message = reader.Events.OfType<ChatMessage>().Single();
        ChatMessage now = reader.Events.OfType<ChatMessageChange>().Aggregate(message, (held, change) => held.With(change));

        Assert.That((now.Text, now.Changes!.OwnReaction, now.Changes.AsOf), Is.EqualTo(("two", "👍", log.Head)));
        Assert.That(now.Changes.Reactions, Is.EquivalentTo(new ReactionCount[] { new("❤️", 1), new("👍", 1) }));
        Assert.That(now.Changes.PinnedAt, Is.Not.Null);
        Assert.That(reader.Events.OfType<ChatMessageChange>().Aggregate(now, (held, change) => held.With(change)), Is.EqualTo(now), "once is enough");
        await World.UntilAsync(() => world.Chat.Summary?.HeadSequence == log.Head, ct);
        Assert.That(world.Chat.Summary!.LastEvent, Has.Property("Text").EqualTo("two").And.Property("Sequence").EqualTo(target));
    }

    [Test]
    public void An_emoji_that_a_server_counts_twice_makes_nothing_fall()
    {
        DateTimeOffset at = DateTimeOffset.UnixEpoch;
        ReactionCount[] twice = [new("👍", 2), new("👍", 3)];
        ChatMessage message = new(7, 1, 4, FakeServer.Peer, at, "one", Guid.NewGuid(), null, IsOwn: false)
        {
            Changes = new MessageChanges(5, null, null, null, null, null, twice),
        };

        ChatMessage now = message.With(new ChatMessageChange(7, 1, 6, EventKind.Reaction, FakeServer.Me, at, 4, "👍", null, IsOwn: true));

        Assert.That(now.Changes!.Reactions, Is.EqualTo(new ReactionCount[] { new("👍", 4) }));
        Assert.That(now.Changes.OwnReaction, Is.EqualTo("👍"));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_deleted_message_keeps_nothing(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();
        long target = world.Server.Post("one").Sequence;
        world.Server.Push(world.Server.Log().Change(EventKind.Reaction, FakeServer.Peer, target, "👍"));
        world.Server.Push(world.Server.Log().Change(EventKind.Deleted, FakeServer.Peer, target));
        world.Server.Push(world.Server.Log().Change(EventKind.Edited, FakeServer.Peer, target, "again"));
        await reader.WaitForAsync(4, ct);

        ChatMessage now = reader.Events.OfType<ChatMessageChange>().Aggregate(reader.Events.OfType<ChatMessage>().Single(), (held, change) => held.With(change));

        Assert.That((now.Text, now.IsDeleted, now.Changes!.DeletedBy, now.Changes.Reactions.Count), Is.EqualTo(("", true, (long?)FakeServer.Peer, 0)));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_page_of_history_has_messages_with_their_changes_and_a_text_that_was_withheld_is_read(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        WireEvent said = world.Server.Post("one");
        await World.UntilAsync(() => world.Chat.Summary?.LastEvent?.Sequence == said.Sequence, ct);
        var changes = new WireChanges(said.Sequence + 1, 9, null, null, null, null, [new WireReaction("👍", 2)]);
        world.Server.Log().Show(said with { Text = "two", Changes = changes });
        world.Server.Push(world.Server.Log().Change(EventKind.Edited, FakeServer.Peer, said.Sequence));

        await World.UntilAsync(() => world.Chat.Summary!.LastEvent is ChatMessage { Text: "two" }, ct);
        HistoryPage page = await world.Chat.HistoryAsync(cancellationToken: ct);

        var shown = (ChatMessage)page.Events.Single(e => e.Sequence == said.Sequence);
        Assert.That((shown.Text, shown.Changes!.AsOf, shown.Changes.Reactions[0]), Is.EqualTo(("two", said.Sequence + 1, new ReactionCount("👍", 2))));
        Assert.That(page.Events[^1], Is.TypeOf<ChatMessageChange>().With.Property("Target").EqualTo(said.Sequence));
    }

    [Test, CancelAfter(10_000), Property("Promise", "P4")]
    public async Task A_change_goes_out_under_one_id_until_it_is_stored(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        long target = world.Server.Post("one").Sequence;
        List<Guid> ids = [];
        world.Server.Intercept = (connection, header, body) =>
        {
            if (header.Type != FrameType.EditMessage) return false;
            EditMessageRequest.TryRead(body, out _, out EditMessageRequest edit);
            ids.Add(edit.ClientMessageId);
            if (ids.Count == 1) connection.Send(new ErrorReply(ErrorCode.Unavailable, "later", true, 50), header.RequestId);
            return ids.Count == 1;
        };

        Task edited = world.Chat.EditAsync(target, "two", ct);
        await world.RunUntilAsync(() => edited.IsCompleted, ct);
        await edited;
        await world.Chat.ReactAsync(target, "👍", ct);
        await world.Chat.DeleteAsync(target, ct);

        Assert.That(ids, Has.Count.EqualTo(2));
        Assert.That(ids.Distinct().Count(), Is.EqualTo(1));
        Assert.That(world.Server.Log().Events.TakeLast(3).Select(e => (e.Kind, e.ReplyTo, e.Text)), Is.EqualTo(new[]
        {
            (EventKind.Edited, (long?)target, "two"), (EventKind.Reaction, target, "👍"), (EventKind.Deleted, target, null),
        }));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_one_deleted_for_oneself_is_told_by_the_inbox_and_leaves_the_list(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        long one = world.Server.Post("one").Sequence, two = world.Server.Post("two").Sequence;
        await World.UntilAsync(() => world.Chat.Summary?.LastEvent?.Sequence == two, ct);
        System.Collections.Concurrent.ConcurrentQueue<HiddenMessage> told = [];
        world.Client.MessageHidden += told.Enqueue;
        world.Server.Log().Last = world.Server.Log().Events[(int)one - 1];

        world.Server.Push(world.Server.Log(FakeServer.Inbox).Append(EventKind.Hidden, FakeServer.Me, null, null, FakeServer.ChatId) with { ReplyTo = two });
        await World.UntilAsync(() => told.Count == 1 && world.Chat.Summary!.LastEvent?.Sequence == one, ct);

        Assert.That(told, Is.EqualTo(new[] { new HiddenMessage(FakeServer.ChatId, two) }));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_one_deleted_for_oneself_leaves_the_list_though_the_chat_goes_on_while_it_is_asked_for(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        FakeLog log = world.Server.Log();
        long one = world.Server.Post("one").Sequence, two = world.Server.Post("two").Sequence;
        await World.UntilAsync(() => world.Chat.Summary?.LastEvent?.Sequence == two, ct);
        log.Last = log.Events[(int)one - 1];
        int asked = 0;
        world.Server.Intercept = (connection, header, _) =>
        {
            if (header.Type != FrameType.GetChat || Interlocked.Increment(ref asked) > 1) return false;
            ChatReply before = new(log.ToChat());
            world.Server.Push(log.Change(EventKind.Reaction, FakeServer.Peer, one, "👍"));
            connection.Send(before, header.RequestId);
            return true;
        };

        world.Server.Push(world.Server.Log(FakeServer.Inbox).Append(EventKind.Hidden, FakeServer.Me, null, null, FakeServer.ChatId) with { ReplyTo = two });
        await World.UntilAsync(() => world.Chat.Summary!.LastEvent?.Sequence == one && world.Chat.Summary.HeadSequence == log.Head, ct);

        Assert.That(Volatile.Read(ref asked), Is.EqualTo(2));
    }

    [Test, CancelAfter(10_000)]
    public async Task Stars_are_told_by_the_inbox(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        System.Collections.Concurrent.ConcurrentQueue<StarChange> told = [];
        world.Client.StarChanged += told.Enqueue;

        foreach (EventKind kind in (EventKind[])[EventKind.Starred, EventKind.Unstarred])
        {
            WireEvent star = world.Server.Log(FakeServer.Inbox).Change(kind, FakeServer.Me, target: 2) with { SubjectId = FakeServer.ChatId };
            world.Server.Log(FakeServer.Inbox).Show(star);
            world.Server.Push(star);
        }

        await World.UntilAsync(() => told.Count == 2, ct);
        Assert.That(told, Is.EqualTo(new[] { new StarChange(FakeServer.ChatId, 2, true), new StarChange(FakeServer.ChatId, 2, false) }));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_change_that_is_refused_for_good_throws(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        world.Server.Intercept = (connection, header, _) =>
        {
            if (header.Type != FrameType.DeleteMessage) return false;
            connection.Send(new ErrorReply(ErrorCode.TooLate, "too late", false), header.RequestId);
            return true;
        };

        Assert.That(async () => await world.Chat.DeleteAsync(1, ct), Throws.TypeOf<ChatException>().With.Property("Code").EqualTo(208));
    }
}

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>The rule of a receiver, protocol-spec.md §8.2 (P6, I5).</summary>
[TestFixture, Parallelizable(ParallelScope.All), Property("Promise", "P6")]
public sealed class DeliveryTests
{
    [Test, CancelAfter(10_000), Property("Issue", 4)]
    public async Task A_gap_that_is_told_while_an_older_page_is_on_its_way_is_read_too(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();
        FakeLog log = world.Server.Log();
        HistoryReply? held = null;
        uint asked = 0;
        world.Server.Intercept = (connection, header, body) =>
        {
            if (header.Type != FrameType.GetHistory || held is not null) return false;

            GetHistoryRequest.TryRead(body, out _, out GetHistoryRequest request);
            (held, asked) = (log.Page(request), header.RequestId);
            return true;
        };

        world.Server.PushRule = pushed => pushed.Sequence == 2 ? [] : [pushed];
        world.Server.Post("lost");
        world.Server.Post("early");
        await World.UntilAsync(() => held is not null, ct);
        world.Server.PushRule = _ => [];
        foreach (string text in (string[])["x", "y", "z"]) world.Server.Post(text);
        world.Server.Connection.Send(new GapPush(FakeServer.ChatId, log.Head));
        world.Server.Connection.Send(held!.Value, asked);
        await reader.WaitForAsync(5, ct);

        Assert.That(reader.Texts, Is.EqualTo(new[] { "lost", "early", "x", "y", "z" }));
    }

    [Test, CancelAfter(10_000)]
    public async Task The_next_event_is_taken_and_a_known_one_dropped(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();
        int repairs = world.Server.Connection.Received.Count(type => type == FrameType.GetHistory);
        world.Server.PushRule = pushed => [pushed, pushed];

        world.Server.Post("one");
        world.Server.Post("two");
        await reader.WaitForAsync(2, ct);
        world.Server.Post("three");
        await reader.WaitForAsync(3, ct);

        Assert.That(reader.Texts, Is.EqualTo(new[] { "one", "two", "three" }));
        Assert.That(world.Server.Connection.Received.Count(type => type == FrameType.GetHistory), Is.EqualTo(repairs));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_later_event_waits_for_the_gap_before_it(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();
        int pushes = 0;
        world.Server.PushRule = pushed => ++pushes <= 3 ? [] : [pushed];

        for (int i = 1; i <= 5; i++) world.Server.Post($"m{i}");
        await reader.WaitForAsync(5, ct);

        Assert.That(reader.Texts, Is.EqualTo(new[] { "m1", "m2", "m3", "m4", "m5" }));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_gap_push_makes_the_client_read_up_to_the_head(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();
        world.Server.PushRule = _ => [];

        for (int i = 1; i <= 450; i++) world.Server.Post($"m{i}"); // three pages
        world.Server.Connection.Send(new GapPush(FakeServer.ChatId, world.Server.Log().Head));
        await reader.WaitForAsync(450, ct);

        Assert.That(reader.Sequences, Is.EqualTo(Enumerable.Range(2, 450)));
    }

    [Test, CancelAfter(10_000)]
    public async Task Of_an_answer_about_another_chat_nothing_is_taken_and_the_page_is_asked_for_again(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();
        var foreign = new WireEvent(99, 2, EventKind.Message, FakeServer.Peer, 1_000, null, null, "not of this chat");
        int lies = 0;
        world.Server.Intercept = (connection, header, _) =>
        {
            if (header.Type != FrameType.GetHistory || ++lies > 2) return false;
            long chatId = lies == 1 ? 99 : FakeServer.ChatId;
            connection.Send(new HistoryReply(chatId, 33, 4, [foreign], 2, lies == 1 ? 4 : 1, HasMore: false), header.RequestId);
            return true;
        };
        world.Server.PushRule = _ => [];

        for (int i = 1; i <= 3; i++) world.Server.Post($"m{i}");
        world.Server.Connection.Send(new GapPush(FakeServer.ChatId, world.Server.Log().Head));
        await world.RunUntilAsync(() => reader.Count >= 3, ct);

        Assert.That(reader.Texts, Is.EqualTo(new[] { "m1", "m2", "m3" }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Whatever_the_wire_does_each_event_is_yielded_once_and_in_order([Range(1, 40)] int seed, CancellationToken ct)
    {
        var random = new Random(seed);
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();
        List<WireEvent> late = [];
        world.Server.PushRule = pushed =>
        {
            switch (random.Next(10))
            {
                case 0:
                    return []; // lost
                case 1:
                    return [pushed, pushed]; // twice
                case 2:
                    late.Add(pushed);
                    return []; // later
                case 3:
                    WireEvent[] now = [pushed, .. late];
                    late.Clear();
                    return now; // before an earlier one
                default:
                    return [pushed];
            }
        };

        for (int i = 0; i < 120; i++)
        {
            world.Server.Post($"m{i}");
            if (random.Next(25) == 0) await BreakAsync(world, ct);
            if (random.Next(15) == 0) await Task.Yield();
        }

        world.Server.PushRule = pushed => [pushed];
        world.Server.Post("last");
        await world.RunUntilAsync(() => reader.Count >= 121, ct);

        Assert.That(reader.Events, Has.All.InstanceOf<ChatMessage>(), $"seed {seed}");
        Assert.That(reader.Texts, Is.EqualTo(world.Server.Log().Events.Skip(1).Select(e => e.Text)), $"seed {seed}");
        Assert.That(reader.Sequences, Is.EqualTo(Enumerable.Range(2, 121)), $"seed {seed}");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_slow_reader_loses_nothing_and_holds_a_bounded_number(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct, configure: options => options with { EventBufferSize = 512 });
        await using IAsyncEnumerator<ChatEvent> events = world.Client.ReadEventsAsync(ct).GetAsyncEnumerator(ct);

        const int total = 3_000;
        for (int i = 0; i < total; i++) world.Server.Post($"m{i}");
        await World.UntilAsync(() => world.Client.Dump()[^1].Type is FrameType.Event or FrameType.History or FrameType.GetHistory, ct);
        long taken = world.Chat.Summary!.HeadSequence;
        List<string> texts = [];
        while (texts.Count < total && await events.MoveNextAsync()) texts.Add(((ChatMessage)events.Current).Text);

        Assert.That(taken, Is.LessThanOrEqualTo(513 + 1));
        Assert.That(texts, Is.EqualTo(Enumerable.Range(0, total).Select(i => $"m{i}")));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_new_chat_is_yielded_from_its_first_event(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();
        List<ChatListChange> changes = [];
        world.Client.ChatsChanged += changes.Add;

        world.Server.AddGroup(70, "hello", "all");
        await reader.WaitForAsync(3, ct);

        Assert.That(reader.Sequences, Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(reader.Texts, Is.EqualTo(new[] { "hello", "all" }));
        await World.UntilAsync(() => changes.Contains(new ChatListChange(70, ChatListChangeKind.Added)), ct);
        Assert.That(world.Client.Chat(70).Summary!.Name, Is.EqualTo("a group"));
    }

    // Between hello and the end of the first list; the pushes come late, or never.
    [Test, CancelAfter(10_000)]
    public async Task A_chat_that_comes_while_the_list_is_read_is_yielded_from_its_first_event(CancellationToken ct)
    {
        await using World world = new(server =>
        {
            server.PushRule = _ => [];
            server.Intercept = (_, header, _) =>
            {
                if (header.Type == FrameType.GetChats) server.AddGroup(70, "hello", "all");
                return false;
            };
        });
        Collected reader = world.Collect();

        await world.Client.ConnectAsync(ct);
        await reader.WaitForAsync(3, ct);

        Assert.That(reader.Sequences, Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(reader.Events, Has.All.Property("ChatId").EqualTo(70), "an old chat begins at its head");
    }

    [TestCase(true), TestCase(false)]
    [CancelAfter(10_000)]
    public async Task A_chat_that_is_added_again_at_once_stays(bool removalIsTold, CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        uint firstAsk = 0;
        world.Server.Intercept = (_, header, _) =>
        {
            if (header.Type != FrameType.GetChat || firstAsk != 0) return false;

            firstAsk = header.RequestId;
            return true;
        };

        world.Server.AddGroup(70, "hello");
        await World.UntilAsync(() => Volatile.Read(ref firstAsk) != 0, ct);
        FakeLog inbox = world.Server.Log(FakeServer.Inbox);
        WireEvent removed = inbox.Append(removalIsTold ? EventKind.ChatRemoved : EventKind.ChatAdded, FakeServer.Peer, null, null, 70);
        WireEvent added = inbox.Append(EventKind.ChatAdded, FakeServer.Peer, null, null, 70);
        world.Server.Push(in removed);
        world.Server.Push(in added);
        await World.UntilAsync(() => world.Client.Positions.Any(p => p.ChatId == FakeServer.Inbox && p.Sequence == added.Sequence), ct);
        Collected reader = world.Collect();
        world.Server.Connection.Send(FakeServer.NotFound(), firstAsk); // of the time before
        world.Server.Post("here");
        await World.UntilAsync(() => reader.Texts.Contains("here") && world.Client.Chats.Any(chat => chat.ChatId == 70), ct);
        world.Server.Post("and there", chatId: 70);
        await World.UntilAsync(() => reader.Texts.Contains("and there"), ct);

        Assert.That(world.Client.Chat(70).Summary, Is.Not.Null);
    }

    [Test, CancelAfter(10_000)]
    public async Task Typing_of_another_device_of_ones_own_is_ignored(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        List<TypingChange> changes = [];
        world.Client.TypingChanged += changes.Add;

        world.Server.Connection.Send(new TypingPush(FakeServer.ChatId, FakeServer.Me, Active: true));
        world.Server.Connection.Send(new TypingPush(FakeServer.ChatId, FakeServer.Peer, Active: true));
        await World.UntilAsync(() => changes.Count > 0, ct);

        Assert.That(world.Chat.Typists, Is.EqualTo(new[] { FakeServer.Peer }));
        Assert.That(changes, Is.EqualTo(new[] { new TypingChange(FakeServer.ChatId, FakeServer.Peer, true) }));
    }

    [Test, CancelAfter(10_000)]
    public async Task An_own_message_of_another_device_counts_as_read(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        world.Server.PushRule = _ => [];
        bool isListed = false;
        world.Server.Intercept = (connection, header, _) =>
        {
            if (header.Type == FrameType.GetChats) isListed = true;
            if (header.Type != FrameType.GetHistory || isListed) return false;

            connection.Send(new ErrorReply(ErrorCode.Unavailable, "later", Retryable: true), header.RequestId);
            return true;
        };

        world.Server.Connection.Break();
        await world.WaitForAsync(ConnectionKind.Waiting, ct);
        world.Server.Post("mine", FakeServer.Me);
        world.Server.Post("theirs");
        Collected reader = world.Collect();
        await world.RunUntilAsync(() => reader.Count == 2, ct);

        ChatSummary chat = world.Chat.Summary!;
        Assert.That(chat, Has.Property("ReadUpTo").EqualTo(2).And.Property("DeliveredUpTo").GreaterThanOrEqualTo(2));
        Assert.That(chat, Has.Property("Unread").EqualTo(1).And.Property("PeerName").EqualTo("Ben"));
    }

    [Test, CancelAfter(10_000)]
    public async Task Stored_events_run_into_live_ones_without_a_seam(CancellationToken ct)
    {
        await using World world = new();
        for (int i = 1; i <= 250; i++) world.Server.Post($"old {i}");
        await world.Client.ConnectAsync(ct);

        await using IAsyncEnumerator<ChatEvent> events = world.Chat.ReadEventsAsync(after: 1, ct).GetAsyncEnumerator(ct);
        List<long> sequences = [];
        for (int i = 0; i < 260 && await events.MoveNextAsync(); i++)
        {
            sequences.Add(((ChatLogEvent)events.Current).Sequence);
            if (i < 10) world.Server.Post($"new {i}");
        }

        Assert.That(sequences, Is.EqualTo(Enumerable.Range(2, 260)));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_was_taken_is_told_with_one_receipt_for_many(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();

        for (int i = 0; i < 50; i++) world.Server.Post($"m{i}");
        await reader.WaitForAsync(50, ct);
        await world.RunUntilAsync(() => world.Server.Connection.Received.Contains(FrameType.MarkDelivered), ct);

        Assert.That(world.Server.Connection.Received.Count(type => type == FrameType.MarkDelivered), Is.LessThanOrEqualTo(2));
    }

    private static async Task BreakAsync(World world, CancellationToken ct)
    {
        int connects = world.Server.Connects;
        world.Server.Connection.Break();
        await world.RunUntilAsync(() => world.Server.Connects > connects && world.Client.State.Kind == ConnectionKind.Online, ct);
    }
}

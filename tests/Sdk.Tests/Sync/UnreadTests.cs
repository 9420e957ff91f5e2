using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Sdk.Sync;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>The client's own count agrees with the service's: only messages are unread, protocol-spec.md §8.5.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class UnreadTests
{
    [Test, CancelAfter(10_000)]
    public async Task Only_messages_count_and_changes_do_not_move_a_chat_up(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        FakeLog log = world.Server.Log();
        long first = world.Server.Post("one").Sequence;
        await World.UntilAsync(() => world.Chat.Summary?.HeadSequence == first, ct);
        DateTimeOffset activity = world.Chat.Summary!.LastActivity;
        world.Server.Push(log.Change(EventKind.Edited, FakeServer.Peer, first, "two"));
        world.Server.Push(log.Change(EventKind.Reaction, FakeServer.Peer, first, "👍"));
        await World.UntilAsync(() => world.Chat.Summary.HeadSequence == log.Head, ct);

        Assert.That((world.Chat.Summary.Unread, world.Chat.Summary.LastActivity), Is.EqualTo((1L, activity)));
        world.Server.Post("three");
        await World.UntilAsync(() => world.Chat.Summary.HeadSequence == log.Head, ct);
        Assert.That((world.Chat.Summary.Unread, world.Chat.Summary.LastActivity > activity), Is.EqualTo((2L, true)));

        await world.Chat.MarkReadAsync(first, ct);
        Assert.That(world.Chat.Summary.Unread, Is.EqualTo(1));
        await world.Chat.MarkReadAsync(cancellationToken: ct);
        Assert.That(world.Chat.Summary.Unread, Is.Zero);
    }

    [Test, CancelAfter(10_000)]
    public async Task Where_the_service_only_said_how_many_it_is_asked_again(CancellationToken ct)
    {
        const long First = 2;
        await using World world = await World.OnlineAsync(ct, server =>
        {
            server.Post("one");
            server.Log().Change(EventKind.Reaction, FakeServer.Peer, First, "👍");
            server.Post("two");
            server.Post("three");
        });
        FakeLog log = world.Server.Log();
        Assert.That(world.Chat.Summary!.Unread, Is.EqualTo(3));

        log.ReadUpTo = First; // another device
        world.Server.Connection.Send(new ReceiptsPush(FakeServer.ChatId, [new WireReceipt(FakeServer.Me, First, First)]));
        await World.UntilAsync(() => world.Chat.Summary.Unread == 2, ct);

        log.ReadUpTo = First + 2;
        await world.Chat.MarkReadAsync(First + 2, ct);
        await World.UntilAsync(() => world.Chat.Summary.Unread == 1, ct);
    }

    [Test, CancelAfter(10_000)]
    public async Task An_answer_that_did_not_count_ones_own_message_yet_is_asked_for_again(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        FakeLog log = world.Server.Log();
        WireEvent mine = log.Append(EventKind.Message, FakeServer.Me, "mine", Guid.NewGuid());
        log.Change(EventKind.Reaction, FakeServer.Peer, mine.Sequence, "👍");
        log.Change(EventKind.Reaction, FakeServer.Peer, mine.Sequence, "🎉");
        log.Append(EventKind.Message, FakeServer.Peer, "yours", Guid.NewGuid());
        world.Server.Intercept = (_, header, _) =>
        {
            if (header.Type == FrameType.GetHistory) log.ReadUpTo = mine.Sequence; // behind the first answer, which is that all is unread
            return false;
        };

        world.Server.Push(world.Server.Log(FakeServer.Inbox).Append(EventKind.ChatSettingsChanged, FakeServer.Me, null, null, FakeServer.ChatId));

        await World.UntilAsync(() => world.Chat.Summary is { Unread: 1 } chat && chat.ReadUpTo == mine.Sequence, ct);
    }

    [Test, CancelAfter(10_000)]
    public async Task What_one_does_to_messages_is_no_reading_and_keeps_the_mark(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        FakeLog log = world.Server.Log();
        long read = world.Server.Post("one").Sequence;
        await world.Chat.MarkReadAsync(read, ct);
        world.Server.Push(log.Change(EventKind.Reaction, FakeServer.Me, read, "👍"));
        await World.UntilAsync(() => world.Chat.Summary!.HeadSequence == log.Head, ct);
        Assert.That(world.Chat.Summary!.ReadUpTo, Is.EqualTo(read));

        (log.ReadUpTo, log.Own) = (read, new WireOwnSettings(false, false, MarkedUnread: true));
        world.Server.Push(world.Server.Log(FakeServer.Inbox).Append(EventKind.ChatSettingsChanged, FakeServer.Me, null, null, FakeServer.ChatId));
        await World.UntilAsync(() => world.Chat.Summary.Own.IsMarkedUnread, ct);
    }

    /// <summary>Random logs, marks and answers: what is said to be known is what a count of the log gives, and the rest is never less.</summary>
    [Test]
    public void A_count_that_is_known_is_the_logs([Range(1, 40)] int seed)
    {
        Random random = new(seed);
        List<bool> log = []; // whether the event is a message
        UnreadCount count = new();
        int read = 0;
        for (int step = 0; step < 400; step++)
        {
            switch (random.Next(5))
            {
                case 0 when log.Count > 0:
                    read = random.Next(read, log.Count + 1);
                    break;
                case 1:
                    int head = random.Next(log.Count + 1), past = random.Next(Math.Min(read, head) + 1);
                    count.Settle(head, past, Unread(log, past, head)); // of any age
                    break;
                default:
                    log.Add(random.Next(3) > 0);
                    count.Take(log.Count, log[^1] ? EventKind.Message : EventKind.Reaction);
                    break;
            }

            long truth = Unread(log, read, log.Count);
            bool isKnown = count.TryCount(log.Count, read, out long unread);
            Assert.That(unread, isKnown ? Is.EqualTo(truth) : Is.GreaterThanOrEqualTo(truth), $"step {step}");
        }

        count.Settle(log.Count, read, Unread(log, read, log.Count));
        Assert.That((count.TryCount(log.Count, read, out long last), last), Is.EqualTo((true, (long)Unread(log, read, log.Count))));

        static int Unread(List<bool> log, int after, int upTo) => log.Take(upTo).Skip(after).Count(isMessage => isMessage);
    }

    [Test]
    public void An_answer_from_before_something_was_read_does_not_count_it_again()
    {
        UnreadCount count = new();
        count.Settle(47, 26, 9);
        count.Settle(47, 20, 15);

        Assert.That((count.TryCount(47, 28, out long unread), unread), Is.EqualTo((false, 9L)), "the most that it can be");
    }

    [Test]
    public void However_many_events_are_no_messages_their_places_take_bounded_room()
    {
        UnreadCount count = new();
        count.Settle(1, 0, 1);
        for (long sequence = 2; sequence <= 5_000; sequence++) count.Take(sequence, EventKind.Reaction);

        Assert.That((count.TryCount(5_000, 0, out long unread), unread), Is.EqualTo((true, 1L)));
        Assert.That((count.TryCount(5_000, 5_000, out unread), unread), Is.EqualTo((true, 0L)));
    }
}

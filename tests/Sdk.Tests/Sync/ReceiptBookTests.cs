using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class ReceiptBookTests
{
    private const long Group = 70;

    [Test, CancelAfter(20_000)]
    public async Task Members_are_asked_for_with_pauses_while_the_service_cannot_answer_and_then_tell_who_has_read(CancellationToken ct)
    {
        int asked = 0;
        bool isAway = true;
        await using World world = await World.OnlineAsync(ct, server =>
        {
            server.AddGroup(Group, "hello");
            server.Intercept = (connection, header, _) =>
            {
                if (header.Type != FrameType.GetMembers) return false;
                Interlocked.Increment(ref asked);
                if (Volatile.Read(ref isAway))
                    connection.Send(new ErrorReply(ErrorCode.Unavailable, "later", Retryable: true), header.RequestId);
                else
                    connection.Send(new MembersReply(Group, [Member(FakeServer.Me), Member(FakeServer.Peer)], HasMore: false), header.RequestId);
                return true;
            };
        });
        OutgoingMessage message = world.Client.Chat(Group).Send("mine");
        long sequence = (await message.Sent.WaitAsync(ct)).Sequence;

        ReceiptsPush read = new(Group, [new WireReceipt(FakeServer.Peer, sequence, sequence)]);
        while (Volatile.Read(ref asked) == 0) // the first one may come before the message is known to wait
        {
            world.Server.Connection.Send(read);
            await Task.Yield();
        }

        for (int i = 0; i < 50; i++)
        {
            world.Server.Connection.Send(read);
            await world.StepAsync(TimeSpan.FromMilliseconds(1)); // fifty milliseconds in all
        }

        Assert.That(asked, Is.EqualTo(1), "whatever is pushed meanwhile");
        await RunAsync(() => Volatile.Read(ref asked) >= 3);
        Volatile.Write(ref isAway, false);
        await RunAsync(() => message.State == OutgoingState.Read);

        // Pushed again with each step: on a slow machine the clock may run past a ping, and after a new connection the next push asks.
        async Task RunAsync(Func<bool> condition)
        {
            while (!condition())
            {
                ct.ThrowIfCancellationRequested();
                world.Server.Connection.Send(read);
                await world.StepAsync(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    [Test, CancelAfter(20_000)]
    public async Task A_message_that_another_device_sent_is_known_to_be_read_as_well([Values] bool isOfBefore, CancellationToken ct)
    {
        await using World world = await WithMembersAsync(() => [Member(FakeServer.Me), Member(FakeServer.Peer)], ct, server =>
        {
            if (isOfBefore) server.Post("mine", FakeServer.Me, Group, Guid.NewGuid());
        });
        if (isOfBefore) await world.Client.Chat(Group).HistoryAsync(cancellationToken: ct); // the app shows it
        else world.Server.Post("mine", FakeServer.Me, Group, Guid.NewGuid());
        long sequence = world.Server.Log(Group).Head;

        world.Server.Connection.Send(new ReceiptsPush(Group, [new WireReceipt(FakeServer.Peer, sequence, sequence)]));

        await World.UntilAsync(() => world.Client.Chat(Group).Summary!.OthersReadUpTo == sequence, ct);
    }

    [Test, CancelAfter(20_000)]
    public async Task Nobody_waits_for_who_left_and_who_comes_has_read_what_was_before(CancellationToken ct)
    {
        const long Slow = 98, New = 99;
        await using World world = await WithMembersAsync(() => [Member(FakeServer.Me), Member(FakeServer.Peer), Member(Slow)], ct);
        long sequence = world.Server.Post("mine", FakeServer.Me, Group, Guid.NewGuid()).Sequence;
        ChatHandle chat = world.Client.Chat(Group);
        world.Server.Connection.Send(new ReceiptsPush(Group, [new WireReceipt(FakeServer.Peer, sequence, sequence), new WireReceipt(Slow, sequence, 1)]));
        await World.UntilAsync(() => chat.Summary!.OthersDeliveredUpTo == sequence, ct);
        Assert.That(chat.Summary!.OthersReadUpTo, Is.LessThan(sequence));

        FakeLog log = world.Server.Log(Group);
        world.Server.Push(log.Append(EventKind.MemberAdded, FakeServer.Peer, null, null, New));
        world.Server.Push(log.Append(EventKind.MemberLeft, Slow, null, null, Slow));

        await World.UntilAsync(() => chat.Summary.OthersReadUpTo == sequence, ct);
    }

    [Test, CancelAfter(20_000)]
    public async Task A_receipt_of_who_left_comes_behind_the_leaving_and_nobody_waits_for_it(CancellationToken ct)
    {
        const long Slow = 98;
        await using World world = await WithMembersAsync(() => [Member(FakeServer.Me), Member(FakeServer.Peer), Member(Slow)], ct);
        ChatHandle chat = world.Client.Chat(Group);
        long first = world.Server.Post("mine", FakeServer.Me, Group, Guid.NewGuid()).Sequence;
        world.Server.Connection.Send(new ReceiptsPush(Group, [new WireReceipt(FakeServer.Peer, first, 1), new WireReceipt(Slow, first, 1)]));
        await World.UntilAsync(() => chat.Summary!.OthersDeliveredUpTo == first, ct);

        world.Server.Push(world.Server.Log(Group).Append(EventKind.MemberRemoved, FakeServer.Peer, null, null, Slow));
        world.Server.Connection.Send(new ReceiptsPush(Group, [new WireReceipt(Slow, first, first)]));
        long second = world.Server.Post("mine too", FakeServer.Me, Group, Guid.NewGuid()).Sequence;
        world.Server.Connection.Send(new ReceiptsPush(Group, [new WireReceipt(FakeServer.Peer, second, second)]));

        await World.UntilAsync(() => chat.Summary!.OthersReadUpTo == second, ct);
    }

    [Test, CancelAfter(20_000)]
    public async Task What_was_read_while_the_connection_was_lost_is_asked_for_on_the_next_one(CancellationToken ct)
    {
        const long Slow = 98;
        long readBySlow = 0;
        await using World world = await WithMembersAsync(() =>
        {
            long read = Volatile.Read(ref readBySlow);
            return [Member(FakeServer.Me), Member(FakeServer.Peer), Member(Slow) with { DeliveredUpTo = read, ReadUpTo = read }];
        }, ct);
        OutgoingMessage message = world.Client.Chat(Group).Send("mine");
        long sequence = (await message.Sent.WaitAsync(ct)).Sequence;
        ReceiptsPush pushed = new(Group, [new WireReceipt(FakeServer.Peer, sequence, sequence), new WireReceipt(Slow, sequence, 1)]);
        while (message.State != OutgoingState.Delivered) // the first one may come before the message is known to wait
        {
            world.Server.Connection.Send(pushed);
            await Task.Yield();
        }

        Volatile.Write(ref readBySlow, sequence); // the push of it is lost, and the summary lags
        world.Server.Connection.Break();

        while (message.State != OutgoingState.Read)
        {
            ct.ThrowIfCancellationRequested();
            await world.StepAsync(TimeSpan.FromMilliseconds(10));
        }

        Assert.That(world.Client.Chat(Group).Summary!.OthersReadUpTo, Is.EqualTo(sequence));
    }

    /// <summary>A client online in the group, of which the server tells these members whenever it is asked.</summary>
    private static Task<World> WithMembersAsync(Func<WireMember[]> members, CancellationToken ct, Action<FakeServer>? arrange = null) =>
        World.OnlineAsync(ct, server =>
        {
            server.AddGroup(Group, "hello");
            arrange?.Invoke(server);
            server.Intercept = (connection, header, _) =>
            {
                if (header.Type != FrameType.GetMembers) return false;
                connection.Send(new MembersReply(Group, members(), HasMore: false), header.RequestId);
                return true;
            };
        });

    private static WireMember Member(long principalId) => new(principalId, "somebody", MemberRole.Member, 0, 0, 1);
}

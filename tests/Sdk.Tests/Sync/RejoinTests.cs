using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>
/// A chat that one leaves and joins again: everything that may be seen comes, once and in order, or its absence is told first
/// (P6, I5).
/// </summary>
[TestFixture, Parallelizable(ParallelScope.All), Property("Promise", "P6"), Property("Issue", 4)]
public sealed class RejoinTests
{
    private const long Group = 70;

    /// <summary>The chaos workload's two: left at 25, in it from 30 to 36, back at 60; left at 29, in it for 31, back at 51.</summary>
    [TestCase(25, 30, 36, 60), TestCase(29, 31, 31, 51)]
    [CancelAfter(10_000)]
    public async Task A_membership_that_was_over_before_the_chat_was_described_is_read(
        int left, int joined, int leftAgain, int back, CancellationToken ct)
    {
        await using World world = await KnownAsync(left - 1, ct);
        Collected reader = world.Collect();
        uint asked = 0;
        world.Server.Intercept = (_, header, _) =>
            header.Type == FrameType.GetChat && Interlocked.CompareExchange(ref asked, header.RequestId, 0) == 0;

        Depart(world);
        await reader.WaitForAsync(1, ct);
        Pass(world, joined - 1, isSeen: false);
        world.Server.PushRule = pushed => pushed.ChatId == Group ? [] : [pushed];
        Join(world);
        Pass(world, leftAgain - (leftAgain > joined ? 1 : 0), isSeen: true);
        if (leftAgain > joined) Depart(world);
        else Inbox(world, EventKind.ChatRemoved);
        Pass(world, back - 1, isSeen: false);
        world.Server.PushRule = pushed => [pushed];
        Join(world);
        world.Server.Connection.Send(FakeServer.NotFound(), asked); // of the time between
        int count = 1 + leftAgain - joined + 1 + 1;
        await world.RunUntilAsync(() => reader.Count >= count && IsListed(world), ct);
        world.Server.Post("on", chatId: Group);
        await reader.WaitForAsync(count + 1, ct);

        Assert.That(reader.Events, Has.None.InstanceOf<ChatDiscontinuity>());
        Assert.That(reader.Sequences, Is.EqualTo(
            new[] { left }.Concat(Enumerable.Range(joined, leftAgain - joined + 1)).Append(back).Append(back + 1)));
    }

    [TestCase(10), TestCase(500), CancelAfter(10_000)] // within a page of history, and over several
    public async Task A_membership_that_came_and_went_while_offline_is_read_from_where_one_had_left(int last, CancellationToken ct)
    {
        await using World world = await KnownAsync(4, ct);
        Collected reader = world.Collect();
        Depart(world);
        await reader.WaitForAsync(1, ct);
        world.Server.PushRule = _ => [];
        world.Server.Connection.Break();

        Pass(world, 8, isSeen: false);
        Join(world);
        Pass(world, last, isSeen: true);
        Depart(world);
        await world.RunUntilAsync(() => reader.Count >= last - 6, ct);

        Assert.That(reader.Sequences, Is.EqualTo(Enumerable.Range(9, last - 7).Prepend(5)));
        Assert.That(reader.Events, Has.None.InstanceOf<ChatDiscontinuity>());
        await World.UntilAsync(() => !IsListed(world) && world.Client.Positions.All(position => position.ChatId != Group), ct);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_coming_and_going_that_was_taken_already_leaves_no_position_and_the_next_one_is_read(CancellationToken ct)
    {
        await using World world = await KnownAsync(4, ct);
        Collected reader = world.Collect();
        Depart(world);
        await reader.WaitForAsync(1, ct);
        uint asked = 0;
        world.Server.Intercept = (_, header, _) =>
            header.Type == FrameType.GetChat && Interlocked.CompareExchange(ref asked, header.RequestId, 0) == 0;

        Inbox(world, EventKind.ChatAdded); // told late: nothing is behind the departure
        await World.UntilAsync(() => asked != 0, ct);
        Inbox(world, EventKind.ChatRemoved);
        await World.UntilAsync(() => world.Client.Positions.All(position => position.ChatId != Group), ct);
        Join(world);
        await world.RunUntilAsync(() => reader.Count >= 2 && IsListed(world), ct);

        Assert.That(reader.Sequences, Is.EqualTo(new[] { 5, 6 }));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_departure_whose_push_was_lost_is_read_when_the_service_knows_no_such_chat(CancellationToken ct)
    {
        await using World world = await KnownAsync(4, ct);
        Collected reader = world.Collect();
        world.Server.Intercept = (connection, header, _) =>
        {
            if (header.Type != FrameType.GetChat) return false;

            connection.Send(FakeServer.NotFound(), header.RequestId);
            return true;
        };

        world.Server.PushRule = pushed => pushed.ChatId == Group ? [] : [pushed];
        world.Server.Post("unheard", chatId: Group);
        Depart(world);
        Inbox(world, EventKind.ChatAdded); // and removed again before the answer
        await reader.WaitForAsync(2, ct);

        Assert.That(reader.Sequences, Is.EqualTo(new[] { 5, 6 }));
        await World.UntilAsync(() => !IsListed(world), ct);
    }

    [Test, CancelAfter(10_000)]
    public async Task Another_numbering_after_the_return_is_told_before_anything_else_of_the_chat(CancellationToken ct)
    {
        await using World world = await KnownAsync(4, ct);
        Collected reader = world.Collect();
        Depart(world);
        await reader.WaitForAsync(1, ct);

        world.Server.PushRule = pushed => pushed.ChatId == Group ? [] : [pushed];
        world.Server.ReplaceLog(epoch: 99, events: 8, Group);
        Join(world);
        await world.RunUntilAsync(() => reader.Count >= 2, ct);
        world.Server.PushRule = pushed => [pushed];
        world.Server.Post("on", chatId: Group);
        await world.RunUntilAsync(() => reader.Texts.Any(), ct); // the joining itself may be read in front of it, or not

        Assert.That(reader.Events[1], Is.InstanceOf<ChatDiscontinuity>().With.Property("Epoch").EqualTo(99));
        Assert.That(reader.Texts, Is.EqualTo(new[] { "on" }));
    }

    /// <summary>A client that is online and knows the group up to a sequence.</summary>
    private static Task<World> KnownAsync(int head, CancellationToken ct) =>
        World.OnlineAsync(ct, server => server.AddGroup(Group, [.. Enumerable.Range(2, head - 1).Select(i => $"m{i}")]));

    private static bool IsListed(World world) => world.Client.Chats.Any(chat => chat.ChatId == Group);

    private static void Depart(World world)
    {
        world.Server.Push(world.Server.Log(Group).Append(EventKind.MemberLeft, FakeServer.Me, null, null, FakeServer.Me));
        Inbox(world, EventKind.ChatRemoved);
    }

    private static void Join(World world)
    {
        WireEvent joining = world.Server.Log(Group).Append(EventKind.MemberAdded, FakeServer.Peer, null, null, FakeServer.Me);
        world.Server.Log(Group).JoinedAt = joining.Sequence;
        world.Server.Push(joining);
        Inbox(world, EventKind.ChatAdded);
    }

    private static void Inbox(World world, EventKind kind) =>
        world.Server.Push(world.Server.Log(FakeServer.Inbox).Append(kind, FakeServer.Peer, null, null, Group));

    /// <summary>Others write up to a head, which one may see later, or not; nothing of it is pushed.</summary>
    private static void Pass(World world, int upTo, bool isSeen)
    {
        FakeLog log = world.Server.Log(Group);
        while (log.Head < upTo)
        {
            WireEvent written = log.Append(EventKind.Message, FakeServer.Peer, $"m{log.Head + 1}", Guid.NewGuid());
            if (!isSeen) log.Hidden.Add(written.Sequence);
        }
    }
}

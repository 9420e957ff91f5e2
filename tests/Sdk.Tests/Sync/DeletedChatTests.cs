using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>A group or channel that is deleted for everyone, protocol-spec.md §8.20.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class DeletedChatTests
{
    private const long Group = 70;

    [Test, CancelAfter(10_000)]
    public async Task Its_last_event_is_told_and_it_is_gone_from_the_list_and_the_positions(CancellationToken ct)
    {
        await using World world = await KnownAsync(ct);
        Collected reader = world.Collect();

        world.Server.Push(world.Server.Log(Group).Append(EventKind.ChatDeleted, FakeServer.Peer, null, null));
        await reader.WaitForAsync(1, ct);
        await World.UntilAsync(() => IsGone(world), ct);
        TellInbox(world);
        world.Server.Post("elsewhere");
        await reader.WaitForAsync(2, ct);

        Assert.That(reader.Events.OfType<ChatLogEvent>().Select(entry => (entry.ChatId, entry.Kind)), Is.EqualTo(new[]
        {
            (Group, EventKind.ChatDeleted), (FakeServer.ChatId, EventKind.Message),
        }));
        Assert.That(IsGone(world));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_the_inbox_says_is_enough(CancellationToken ct)
    {
        await using World world = await KnownAsync(ct);

        TellInbox(world);
        await World.UntilAsync(() => IsGone(world), ct);

        Assert.That(world.Client.Chats.Select(chat => chat.ChatId), Does.Contain(FakeServer.ChatId));
    }

    /// <summary>Its position is void, and the inbox tells why: whichever comes first, the app hears once that it did not get all.</summary>
    [TestCase(true), TestCase(false), CancelAfter(10_000)]
    public async Task Who_comes_back_after_long_does_not_find_it_and_is_told_that_something_is_missing(bool isInboxFirst, CancellationToken ct)
    {
        await using World world = await KnownAsync(ct);
        Collected reader = world.Collect();
        world.Server.IsDown = true;
        world.Server.Connection.Break();
        await world.WaitForAsync(ConnectionKind.Waiting, ct);
        world.Server.RemoveChat(Group);
        bool isTold = false;
        world.Server.Intercept = (connection, header, body) =>
        {
            if (header.Type != FrameType.GetChat || !Asks(body, Group)) return false;
            if (isInboxFirst) TellInbox(world);
            connection.Send(FakeServer.NotFound(), header.RequestId);
            if (!isInboxFirst) TellInbox(world);
            isTold = true;
            return true;
        };
        world.Server.IsDown = false;

        await world.RunUntilAsync(() => isTold && IsGone(world) && world.Client.State.Kind == ConnectionKind.Online, ct);
        world.Server.Post("elsewhere");
        await reader.WaitForAsync(2, ct);

        Assert.That(reader.Events[0], Is.InstanceOf<ChatDiscontinuity>().With.Property("ChatId").EqualTo(Group));
        Assert.That(reader.Events[1], Is.InstanceOf<ChatMessage>().With.Property("ChatId").EqualTo(FakeServer.ChatId));
        Assert.That(IsGone(world));
    }

    /// <summary>A gap is being filled when the chat ends: nobody fills it any more.</summary>
    [Test, CancelAfter(10_000)]
    public async Task What_was_pushed_too_early_and_is_lost_with_it_is_said_to_be_missing(CancellationToken ct)
    {
        await using World world = await KnownAsync(ct);
        Collected reader = world.Collect();
        world.Server.Intercept = (_, header, _) => header.Type == FrameType.GetHistory;
        world.Server.Log(Group).Append(EventKind.Message, FakeServer.Peer, "lost", Guid.NewGuid());
        world.Server.Push(world.Server.Log(Group).Append(EventKind.Message, FakeServer.Peer, "early", Guid.NewGuid()));

        TellInbox(world);
        await reader.WaitForAsync(1, ct);

        Assert.That(reader.Events[0], Is.InstanceOf<ChatDiscontinuity>().With.Property("ChatId").EqualTo(Group));
        await World.UntilAsync(() => IsGone(world), ct);
    }

    [Test, CancelAfter(10_000)]
    public async Task What_waits_to_be_sent_there_fails_at_once_though_an_attempt_is_in_doubt(CancellationToken ct)
    {
        int tries = 0;
        await using World world = await KnownAsync(ct);
        world.Server.Intercept = (connection, header, _) =>
        {
            if (header.Type != FrameType.SendMessage) return false;
            bool isFirst = Interlocked.Increment(ref tries) == 1;
            connection.Send(
                isFirst
                    ? new ErrorReply(ErrorCode.Unavailable, "no answer", Retryable: true)
                    : new ErrorReply(ErrorCode.ChatDeleted, "it was deleted", Retryable: false),
                header.RequestId);
            return true;
        };

        OutgoingMessage message = world.Client.Chat(Group).Send("too late");
        await world.RunUntilAsync(() => message.Sent.IsCompleted, ct);

        ChatException refused = (await Assert.ThrowsAsync<ChatException>(() => message.Sent))!;
        Assert.That((refused.Code, refused.Name, tries), Is.EqualTo(((int)ErrorCode.ChatDeleted, "chat_deleted", 2)));
    }

    private static async Task<World> KnownAsync(CancellationToken ct)
    {
        World world = await World.OnlineAsync(ct, server => server.AddGroup(Group, "hello"));
        await World.UntilAsync(() => world.Client.Chats.Any(chat => chat.ChatId == Group), ct);
        return world;
    }

    private static void TellInbox(World world) =>
        world.Server.Push(world.Server.Log(FakeServer.Inbox).Append(EventKind.ChatRemoved, FakeServer.Peer, "deleted", null, Group));

    private static bool IsGone(World world) =>
        world.Client.Chats.All(chat => chat.ChatId != Group) && world.Client.Positions.All(position => position.ChatId != Group);

    private static bool Asks(System.Buffers.ReadOnlySequence<byte> body, long chatId) =>
        Protocol.Frames.Requests.GetChatRequest.TryRead(body, out uint _, out var chat) && chat.ChatId == chatId;
}

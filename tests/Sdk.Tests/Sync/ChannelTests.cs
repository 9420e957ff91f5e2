using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>Channels, protocol-spec.md §8.9: nobody's receipts but one's own.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class ChannelTests
{
    private const long Channel = 70;

    [TestCase(MemberRole.Member), TestCase(MemberRole.Admin)]
    [CancelAfter(10_000)]
    public async Task Members_are_not_asked_for_while_a_post_of_ones_own_is_there(MemberRole role, CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct, server => server.AddChat(Channel, ChatKind.Channel).Role = role);
        OutgoingMessage message = world.Client.Chat(Channel).Send("mine");
        await message.Sent.WaitAsync(ct);
        Collected reader = world.Collect(Channel);

        world.Server.Post("another admin's", chatId: Channel);
        await reader.WaitForAsync(1, ct);
        await world.Client.Chat(Channel).MarkReadAsync(cancellationToken: ct); // what is asked before it has come before it

        Assert.That(world.Server.Connection.Received, Has.No.Member(FrameType.GetMembers));
        Assert.That(message.State, Is.EqualTo(OutgoingState.Sent));
    }

    [Test, CancelAfter(10_000)]
    public async Task What_is_taken_is_not_marked_delivered_in_a_channel_and_is_in_a_group(CancellationToken ct)
    {
        const long group = 71;
        List<long> marked = [];
        await using World world = await World.OnlineAsync(ct, server =>
        {
            server.AddChat(Channel, ChatKind.Channel);
            server.AddChat(group, ChatKind.Group);
            server.Intercept = (_, header, body) =>
            {
                if (header.Type == FrameType.MarkDelivered && MarkDeliveredRequest.TryRead(body, out uint _, out MarkDeliveredRequest mark))
                    lock (marked) marked.Add(mark.ChatId);
                return false;
            };
        });
        Collected reader = world.Collect();

        world.Server.Post("to readers", chatId: Channel);
        world.Server.Post("to members", chatId: group);
        await reader.WaitForAsync(2, ct);
        await world.RunUntilAsync(() => Marked().Contains(group), ct); // both wait for the same turn

        await world.Client.Chat(Channel).MarkReadAsync(cancellationToken: ct);
        Assert.That(Marked(), Is.EqualTo(new[] { group }));
        Assert.That(world.Client.Chat(Channel).Summary, Has.Property("ReadUpTo").EqualTo(2));

        long[] Marked()
        {
            lock (marked) return [.. marked];
        }
    }

    [Test, CancelAfter(10_000)]
    public async Task What_is_taken_before_the_kind_of_a_chat_is_known_is_marked_once_it_is(CancellationToken ct)
    {
        const long group = 71;
        await using World world = await World.OnlineAsync(ct, server =>
        {
            server.AddChat(Channel, ChatKind.Channel);
            server.AddChat(group, ChatKind.Group);
        });
        await world.Client.CloseAsync();
        world.Server.Post("to readers", chatId: Channel);
        world.Server.Post("to members", chatId: group);
        TaskCompletionSource listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<(FrameHeader Header, FakeConnection From)> held = [];
        List<long> marked = [];
        world.Server.Intercept = (from, header, body) =>
        {
            if (header.Type == FrameType.MarkDelivered && MarkDeliveredRequest.TryRead(body, out uint _, out MarkDeliveredRequest mark))
                lock (marked) marked.Add(mark.ChatId);
            if (header.Type != FrameType.GetChats || listed.Task.IsCompleted) return false;
            held.Add((header, from));
            return true;
        };

        await using ChatClient next = world.Restart(new(Channel, Channel * 11, 1), new(group, group * 11, 1));
        Collected reader = World.Collect(next);
        Task connecting = next.ConnectAsync(ct);
        await reader.WaitForAsync(2, ct);
        await World.UntilAsync(() => held.Count == 1, ct);
        for (int i = 0; i < 10; i++) await world.StepAsync(TimeSpan.FromMilliseconds(100));
        Assert.That(marked, Is.Empty);
        listed.SetResult();
        (FrameHeader asked, FakeConnection connection) = held[0];
        connection.Send(new ChatsReply([world.Server.Log(Channel).ToChat(), world.Server.Log(group).ToChat()]), asked.RequestId);
        await connecting;
        await world.RunUntilAsync(() => { lock (marked) return marked.Count > 0; }, ct);

        Assert.That(marked, Is.EqualTo(new[] { group }));
    }
}

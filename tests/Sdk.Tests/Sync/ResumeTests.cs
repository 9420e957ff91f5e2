using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Sync;

/// <summary>Going on from positions, protocol-spec.md §8.3 (P7).</summary>
[TestFixture, Parallelizable(ParallelScope.All), Property("Promise", "P7")]
public sealed class ResumeTests
{
    [Test, CancelAfter(10_000)]
    public async Task The_next_hello_says_what_was_taken_and_what_was_missed_follows(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();
        world.Server.Post("before");
        await reader.WaitForAsync(1, ct);

        world.Server.IsDown = true;
        world.Server.Connection.Break();
        await world.WaitForAsync(ConnectionKind.Waiting, ct);
        for (int i = 0; i < 300; i++) world.Server.Post($"missed {i}");
        world.Server.IsDown = false;
        await world.RunUntilAsync(() => reader.Count == 301, ct);

        Assert.That(world.Server.LastHello!.Value.Positions, Does.Contain(new WirePosition(FakeServer.ChatId, 33, 2)));
        Assert.That(world.Server.LastHello.Value.Positions[0].ChatId, Is.EqualTo(FakeServer.Inbox));
        Assert.That(reader.Sequences, Is.EqualTo(Enumerable.Range(2, 301)));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_chat_that_came_while_away_is_yielded_from_its_first_event(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();

        world.Server.IsDown = true;
        world.Server.Connection.Break();
        await world.WaitForAsync(ConnectionKind.Waiting, ct);
        world.Server.AddGroup(70, "welcome");
        world.Server.IsDown = false;
        await world.RunUntilAsync(() => reader.Count == 2, ct);

        Assert.That(reader.Sequences, Is.EqualTo(new[] { 1, 2 }));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_list_that_is_older_than_ones_departure_gives_nothing_of_the_chat_again(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct, server => server.AddGroup(70, "one", "two"));
        Collected reader = world.Collect(70);
        world.Server.Post("three", chatId: 70);
        await reader.WaitForAsync(1, ct);

        bool hasLeft = false;
        world.Server.Intercept = (connection, header, _) =>
        {
            if (header.Type != FrameType.GetChats || hasLeft) return false;

            hasLeft = true;
            var page = new ChatsReply([world.Server.Log(70).ToChat()]); // read, and then one leaves
            world.Server.Push(world.Server.Log(70).Append(EventKind.MemberLeft, FakeServer.Me, null, null, FakeServer.Me));
            connection.Send(page, header.RequestId);
            return true;
        };
        world.Server.Connection.Break();
        await world.RunUntilAsync(() => reader.Count >= 2, ct);
        for (int step = 0; step < 50; step++) await world.StepAsync(TimeSpan.FromMilliseconds(10)); // what comes too much, comes now

        Assert.That(reader.Sequences, Is.EqualTo(new[] { 4, 5 }));
        Assert.That(world.Client.Chats.Select(chat => chat.ChatId), Has.No.Member(70));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_void_position_is_told_before_anything_else_of_the_chat(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();
        world.Server.Post("of the old numbering");
        await reader.WaitForAsync(1, ct);

        world.Server.ReplaceLog(epoch: 99, events: 5);
        world.Server.Connection.Break();
        await world.RunUntilAsync(() => reader.Count == 2, ct);
        world.Server.Post("of the new one");
        await reader.WaitForAsync(3, ct);

        Assert.That(reader.Events[1], Is.InstanceOf<ChatDiscontinuity>().With.Property("ContinuesAfter").EqualTo(5).And.Property("Epoch").EqualTo(99));
        Assert.That(reader.Events[2], Is.InstanceOf<ChatMessage>().With.Property("Sequence").EqualTo(6));
    }

    [Test, CancelAfter(10_000)]
    public async Task Positions_of_an_earlier_run_bring_what_came_since(CancellationToken ct)
    {
        await using World world = new(configure: options => options with { Positions = [new ChatPosition(FakeServer.ChatId, 33, 2)] });
        for (int i = 0; i < 4; i++) world.Server.Post($"m{i}"); // 2 … 5
        Collected reader = world.Collect();

        await world.Client.ConnectAsync(ct);
        await reader.WaitForAsync(3, ct);

        Assert.That(reader.Sequences, Is.EqualTo(new[] { 3, 4, 5 }));
        Assert.That(world.Client.Positions, Does.Contain(new ChatPosition(FakeServer.ChatId, 33, 5)));
    }

    [Test, CancelAfter(10_000)]
    public async Task After_a_crash_the_positions_bring_what_the_app_was_not_given(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        IAsyncEnumerator<ChatEvent> first = world.Client.ReadEventsAsync(ct).GetAsyncEnumerator(ct);
        for (int i = 0; i < 5; i++) world.Server.Post($"m{i}"); // 2 … 6
        await World.UntilAsync(() => world.Chat.Summary!.HeadSequence == 6, ct);
        IReadOnlyList<ChatPosition> untouched = world.Client.Positions;
        await first.MoveNextAsync();
        await first.MoveNextAsync();
        IReadOnlyList<ChatPosition> kept = world.Client.Positions;
        await first.DisposeAsync();
        IReadOnlyList<ChatPosition> afterTheReader = world.Client.Positions;

        await using ChatClient next = world.Restart(kept);
        Collected reader = World.Collect(next);
        await next.ConnectAsync(ct);
        await reader.WaitForAsync(3, ct);

        Assert.That(untouched, Does.Contain(new ChatPosition(FakeServer.ChatId, 33, 1)));
        Assert.That(kept, Does.Contain(new ChatPosition(FakeServer.ChatId, 33, 3)));
        Assert.That(afterTheReader, Is.EquivalentTo(kept));
        Assert.That(reader.Texts, Is.EqualTo(new[] { "m2", "m3", "m4" }));
    }

    [Test, CancelAfter(10_000)]
    public async Task Positions_are_those_of_the_slowest_reader_of_all_chats(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        await using IAsyncEnumerator<ChatEvent> slow = world.Client.ReadEventsAsync(ct).GetAsyncEnumerator(ct);
        Collected fast = world.Collect();
        Collected ofTheChat = world.Collect(FakeServer.ChatId);

        for (int i = 0; i < 3; i++) world.Server.Post($"m{i}");
        await fast.WaitForAsync(3, ct);
        await ofTheChat.WaitForAsync(3, ct);
        await slow.MoveNextAsync();

        Assert.That(world.Client.Positions, Does.Contain(new ChatPosition(FakeServer.ChatId, 33, 2)));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_chat_that_came_between_two_runs_is_yielded_from_its_first_event(CancellationToken ct)
    {
        await using World world = new(
            server => server.AddGroup(70, "welcome"),
            options => options with { Positions = [new ChatPosition(FakeServer.ChatId, 33, 1)] });
        Collected reader = world.Collect();

        await world.Client.ConnectAsync(ct);
        await reader.WaitForAsync(2, ct);

        Assert.That(reader.Sequences, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(reader.Texts, Is.EqualTo(new[] { "welcome" }));
    }
}

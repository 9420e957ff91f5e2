using System.Collections.Concurrent;

using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Connection;

/// <summary>The app's handlers cannot hurt the client.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class NotifierTests
{
    [Test, CancelAfter(10_000)]
    public async Task Handlers_go_on_when_even_the_one_for_failures_throws(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        int failures = 0;
        ConcurrentQueue<OutgoingState> states = [];
        world.Client.ChatsChanged += _ => throw new InvalidOperationException("of the app");
        world.Client.HandlerFailed += fault =>
        {
            failures++;
            throw fault;
        };

        world.Server.Post("one");
        await World.UntilAsync(() => Volatile.Read(ref failures) > 0, ct);
        world.Server.Connection.Break(); // so that it is not sent before the handler is there
        await world.WaitForAsync(ConnectionKind.Waiting, ct);
        OutgoingMessage message = world.Chat.Send("two");
        message.StateChanged += states.Enqueue;
        await world.RunUntilAsync(() => states.Contains(OutgoingState.Sent), ct);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_slow_handler_is_told_once_of_many_changes_of_a_chat(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        using var enter = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        ConcurrentQueue<(ChatListChange Change, long Head)> told = [];
        world.Client.ChatsChanged += change =>
        {
            told.Enqueue((change, world.Client.Chat(change.ChatId).Summary!.HeadSequence));
            enter.Set();
            leave.Wait(ct);
        };

        world.Server.Post("first");
        enter.Wait(ct);
        for (int i = 0; i < 100; i++) world.Server.Post($"m{i}");
        world.Server.AddGroup(70);
        await World.UntilAsync(() => world.Client.Chats.Any(chat => chat.ChatId == 70) && world.Chat.Summary!.HeadSequence == 102, ct);
        leave.Set();
        await World.UntilAsync(() => told.Any(one => one.Change == new ChatListChange(70, ChatListChangeKind.Added)), ct);

        (ChatListChange Change, long Head)[] ofTheChat = [.. told.Where(one => one.Change.ChatId == FakeServer.ChatId)];
        Assert.That(ofTheChat, Has.Length.LessThanOrEqualTo(3));
        Assert.That(ofTheChat[^1].Head, Is.EqualTo(102), "the last one is told of the newest state");
    }
}

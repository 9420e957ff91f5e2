using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Replies;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Connection;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class LivenessTests
{
    [Test, CancelAfter(10_000)]
    public async Task A_silent_server_is_asked_and_then_left(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        world.Server.Intercept = (connection, header, _) => header.Type == FrameType.Ping && connection == world.Server.Connection && world.Server.Connects == 1;

        await world.RunUntilAsync(() => world.Server.Connects == 2, ct, TimeSpan.FromSeconds(1));
        await world.EndToldAsync(ct);

        Assert.That(world.States.Select(state => state.End?.Reason), Has.Member("The server is silent."));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_server_that_answers_pings_is_kept(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);

        while (world.Client.Dump().Count(frame => frame.Type == FrameType.Ping) < 5)
        {
            ct.ThrowIfCancellationRequested();
            IReadOnlyList<TracedFrame> frames = world.Client.Dump();
            bool isAnswered = frames.Count(frame => frame.Type == FrameType.Ok) >= frames.Count(frame => frame.Type == FrameType.Ping);
            if (isAnswered) await world.StepAsync(TimeSpan.FromSeconds(1)); // no time passes while a reply is on its way
            else await Task.Yield();
        }

        Assert.That(world.Server.Connects, Is.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_welcome_that_does_not_come_is_not_waited_for_for_ever(CancellationToken ct)
    {
        await using World world = new(server => server.Intercept = (_, header, _) => header.Type == FrameType.Hello && server.Connects == 1);

        Task connecting = world.Client.ConnectAsync(ct);
        await world.RunUntilAsync(() => world.Server.Connects == 2, ct, TimeSpan.FromSeconds(1));
        await connecting; // the clock stands still: the second hello may take as long as it takes

        Assert.That(world.Server.Connects, Is.EqualTo(2));
    }

    // Promise 3.3: hostile bytes from the server crash nothing.
    [Test, CancelAfter(30_000)]
    public async Task Hostile_bytes_end_the_connection_and_nothing_else(CancellationToken ct)
    {
        const int seed = 20_261_121;
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        var random = new Random(seed);
        await using World world = await World.OnlineAsync(ct);

        for (int round = 0; round < 50; round++)
        {
            byte[] bytes = new byte[random.Next(1, 64)];
            random.NextBytes(bytes);
            int connects = world.Server.Connects;
            world.Server.Connection.SendBytes(bytes);
            world.Server.Connection.Break();
            await world.RunUntilAsync(() => world.Server.Connects > connects, ct, TimeSpan.FromSeconds(1));
            await world.WaitForAsync(ConnectionKind.Online, ct); // no time passes while the hello is under way
        }

        Collected reader = world.Collect();
        world.Server.Post("still here");
        await reader.WaitForAsync(1, ct);
        Assert.That(reader.Texts, Is.EqualTo(new[] { "still here" }));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_request_that_no_frame_holds_is_refused_and_the_connection_stays(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        long[] people = [.. Enumerable.Range(0, 10_000).Select(i => (1L << 52) + i)];

        ChatException? refused = await Assert.ThrowsAsync<ChatException>(() => world.Client.WatchPresenceAsync(people, ct).WaitAsync(ct));
        await world.Chat.MarkReadAsync(1, ct).WaitAsync(ct);

        Assert.That(refused, Has.Property("Code").EqualTo((int)LocalErrorCode.RequestTooLarge).And.Property("Retryable").False);
        Assert.That(world.Server.Connects, Is.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_number_that_no_field_takes_is_refused_and_the_connection_stays(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);

        foreach (long number in (long[])[-1, (1L << 53)])
        {
            await AssertRefusedAsync(() => world.Chat.HistoryAsync(before: number, cancellationToken: ct));
            await AssertRefusedAsync(() => world.Chat.HistoryAsync(after: number, cancellationToken: ct));
            await AssertRefusedAsync(() => world.Client.OpenDirectAsync(number, ct));
            await AssertRefusedAsync(() => world.Chat.ReactAsync(number, "👍", ct));
            Assert.Throws<ArgumentOutOfRangeException>(() => world.Chat.Send("an answer", replyTo: number));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => world.Client.Chat(-1));
        Assert.That(world.Chat.Outbox, Is.Empty);
        await world.Chat.Send("goes on").Sent.WaitAsync(ct);
        Assert.That(world.Server.Connects, Is.EqualTo(1));

        static Task AssertRefusedAsync(Func<Task> ask) => Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ask());
    }

    [TestCase(true), TestCase(false)]
    [CancelAfter(10_000)]
    public async Task A_fault_of_the_transport_is_a_lost_connection(bool whileSending, CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        var fault = new InvalidOperationException("a fault");

        if (whileSending)
            world.Server.Intercept = (_, header, _) => header.Type == FrameType.SendMessage && world.Server.Connects == 1 ? throw fault : false;
        else
            world.Server.Connection.Fail(fault);
        DateTimeOffset before = world.Clock.GetUtcNow();
        OutgoingMessage message = world.Chat.Send("hello");
        await world.RunUntilAsync(() => message.State == OutgoingState.Sent, ct);

        Assert.That(world.Server.Connects, Is.EqualTo(2));
        Assert.That(world.Clock.GetUtcNow() - before, Is.LessThan(TimeSpan.FromSeconds(20)), "no ping is needed to see it");
        Assert.That(world.Client.State.Kind, Is.EqualTo(ConnectionKind.Online));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_reply_that_does_not_come_is_not_waited_for_for_ever(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        world.Server.Intercept = (_, header, _) => header.Type == FrameType.MarkRead && world.Server.Connects == 1;

        DateTimeOffset before = world.Clock.GetUtcNow();
        Task marking = world.Chat.MarkReadAsync(1, ct);
        await world.RunUntilAsync(() => marking.IsCompleted, ct, TimeSpan.FromMilliseconds(100));
        await marking;

        Assert.That(world.Server.Connects, Is.EqualTo(2));
        Assert.That(world.Clock.GetUtcNow() - before, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(30)));
        await world.EndToldAsync(ct);
        Assert.That(world.States.Select(state => state.End?.Reason), Has.Member("A reply did not come in time."));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_reply_to_no_request_ends_the_connection(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);

        world.Server.Connection.Send(new OkReply(), 4_000_000);

        await world.WaitForAsync(ConnectionKind.Waiting, ct);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_push_of_an_unknown_type_is_ignored(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        Collected reader = world.Collect();

        world.Server.Connection.SendBytes([3, 0, 0, 0, 0x92, 0x77, 0x00]); // [119, 0]
        world.Server.Post("after it");
        await reader.WaitForAsync(1, ct);

        Assert.That(world.Server.Connects, Is.EqualTo(1));
    }
}

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Sdk.Tests.Fakes;

namespace Chat.Sdk.Tests.Connection;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class ReconnectTests
{
    [Test, CancelAfter(10_000)]
    public async Task First_hello_carries_the_token_and_no_position(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);

        Assert.That(world.Server.LastHello!.Value.Token, Is.EqualTo("token"));
        Assert.That(world.Server.LastHello.Value.Positions, Is.Empty);
        Assert.That(world.TokenReasons, Is.EqualTo(new[] { TokenReason.Connect }));
        Assert.That(world.Client.Me, Is.EqualTo(new Person(FakeServer.Me, "Anna")));
        Assert.That(world.Client.Chats.Select(chat => chat.Name), Is.EqualTo(new[] { "Ben" }), "the inbox is not a chat of the list");
    }

    [Test, CancelAfter(10_000)]
    public async Task Pauses_double_up_to_the_cap_with_full_jitter(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);

        world.Server.IsDown = true;
        world.Server.Connection.Break();
        await world.RunUntilAsync(() => Waits(world).Length >= 10, ct, TimeSpan.FromSeconds(1));

        // Half of 0.25 · 2^n, capped at half of 20 s.
        double[] expected = [0.125, 0.25, 0.5, 1, 2, 4, 8, 10, 10, 10];
        Assert.That(Waits(world).Take(10), Is.EqualTo(expected).Within(1e-9));
    }

    [Test, CancelAfter(10_000)]
    public async Task Back_off_starts_anew_only_after_a_connection_that_lasted(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);

        for (int i = 0; i < 3; i++)
        {
            int connects = world.Server.Connects;
            world.Server.Connection.Break(); // at once after the welcome
            await world.RunUntilAsync(() => world.Server.Connects > connects && world.Client.State.Kind == ConnectionKind.Online, ct);
        }

        world.Clock.Advance(TimeSpan.FromSeconds(5)); // not long enough, nor with what passed before this thread saw the welcome
        world.Server.Connection.Break();
        await World.UntilAsync(() => Waits(world).Length == 4, ct); // no time passes before it was noticed
        await world.RunUntilAsync(() => world.Client.State.Kind == ConnectionKind.Online, ct);
        double[] flapping = Waits(world);
        world.Clock.Advance(TimeSpan.FromSeconds(10));
        world.Server.Connection.Break();
        await World.UntilAsync(() => Waits(world).Length == 5, ct);

        Assert.That(flapping, Is.EqualTo(new[] { 0.125, 0.25, 0.5, 1 }).Within(1e-9));
        Assert.That(Waits(world)[4], Is.EqualTo(0.125).Within(1e-9));
    }

    [Test, CancelAfter(10_000)]
    [Property("Promise", "P14")]
    public async Task Who_is_let_in_and_loses_the_connection_at_once_is_back_within_seconds_however_often(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);

        for (int i = 0; i < 8; i++)
        {
            int connects = world.Server.Connects;
            world.Server.Connection.Break();
            await world.RunUntilAsync(() => world.Server.Connects > connects && world.Client.State.Kind == ConnectionKind.Online, ct);
        }

        await World.UntilAsync(() => Waits(world).Length == 8, ct); // states are told on a thread of their own
        Assert.That(Waits(world), Is.EqualTo(new[] { 0.125, 0.25, 0.5, 1, 1, 1, 1, 1 }).Within(1e-9));
    }

    [TestCase(4000, TokenReason.Connect)]
    [TestCase(4001, TokenReason.Connect)]
    [TestCase(4377, TokenReason.Connect, Description = "unknown, by its range")]
    [TestCase(1001, TokenReason.Connect)]
    [TestCase(1012, TokenReason.Connect)]
    [TestCase(4400, TokenReason.Expired)]
    [TestCase(4401, TokenReason.Rejected)]
    [TestCase(4402, TokenReason.Rejected)]
    [TestCase(4488, TokenReason.Rejected, Description = "unknown, by its range")]
    [CancelAfter(10_000)]
    public async Task Codes_that_allow_it_bring_the_client_back(int code, TokenReason why, CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);

        world.Server.Connection.Close(code);
        await world.RunUntilAsync(() => world.Server.Connects == 2 && world.Client.State.Kind == ConnectionKind.Online, ct);

        Assert.That(world.TokenReasons, Is.EqualTo(new[] { TokenReason.Connect, why }));
    }

    [TestCase(1000)]
    [TestCase(1002)]
    [TestCase(1008)]
    [TestCase(4500)]
    [TestCase(4504)]
    [TestCase(4999)]
    [CancelAfter(10_000)]
    public async Task Codes_that_forbid_it_close_the_client(int code, CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);
        OutgoingMessage waiting = world.Chat.Send("too late");
        await World.UntilAsync(() => waiting.State == OutgoingState.Sent, ct);
        Collected reader = world.Collect();

        world.Server.Connection.Close(code, "no more");
        await world.WaitForAsync(ConnectionKind.Closed, ct);
        await reader.Finished.WaitAsync(ct);

        Assert.That(world.Client.State.End, Is.EqualTo(new ConnectionEnd(code, "no more")));
        Assert.That(world.Server.Connects, Is.EqualTo(1));
        ChatException? refused = await Assert.ThrowsAsync<ChatException>(() => world.Chat.Send("never").Sent);
        Assert.That(refused!.Code, Is.EqualTo(code));
        ChatException? alsoRefused = await Assert.ThrowsAsync<ChatException>(() => world.Chat.HistoryAsync(cancellationToken: ct));
        Assert.That(alsoRefused!.Code, Is.EqualTo(code));
        ChatException? notAgain = await Assert.ThrowsAsync<ChatException>(() => world.Client.ConnectAsync(ct));
        Assert.That(notAgain!.Code, Is.EqualTo(code));
    }

    [Test, CancelAfter(10_000)]
    public async Task Goodbye_says_when_to_come_back_and_stops_new_sends(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);

        world.Server.Connection.Send(new GoodbyePush(DisconnectCode.Draining, "a new version", 7_000));
        WireEvent behind = world.Server.Post("behind it");
        await World.UntilAsync(() => world.Chat.Summary!.HeadSequence == behind.Sequence, ct); // so the goodbye was heeded
        OutgoingMessage message = world.Chat.Send("for the next node");
        world.Server.Connection.Break(); // the close itself is lost
        await world.WaitForAsync(ConnectionKind.Waiting, ct);
        ConnectionState waiting = world.Client.State;
        bool wasHeld = message.State == OutgoingState.Queued && world.Server.Sends.Count == 0;
        world.Clock.Advance(TimeSpan.FromMilliseconds(6_990));
        int early = world.Server.Connects;
        await world.RunUntilAsync(() => message.State == OutgoingState.Sent, ct);

        Assert.That(waiting.RetryIn, Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(waiting.End, Is.EqualTo(new ConnectionEnd(4000, "a new version")));
        Assert.That(wasHeld, Is.True);
        Assert.That(early, Is.EqualTo(1));
    }

    [Test, CancelAfter(10_000)]
    public async Task Hurry_ends_the_pause(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct);

        world.Server.Connection.Break();
        await world.WaitForAsync(ConnectionKind.Waiting, ct);
        await World.UntilAsync(() => { world.Client.ReconnectNow(); return world.Client.State.Kind == ConnectionKind.Online; }, ct);

        Assert.That(world.Server.Connects, Is.EqualTo(2));
    }

    [Test, CancelAfter(10_000)]
    public async Task A_close_by_the_app_ends_readers_and_fails_what_waits(CancellationToken ct)
    {
        await using World world = await World.OnlineAsync(ct, server => server.Intercept = (_, header, _) => header.Type == FrameType.SendMessage);
        Collected reader = world.Collect();
        OutgoingMessage message = world.Chat.Send("no one answers");

        Task closing = world.Client.CloseAsync();
        await world.RunUntilAsync(() => closing.IsCompleted, ct, TimeSpan.FromSeconds(1));
        await reader.Finished.WaitAsync(ct);

        Assert.That(world.Client.State.Kind, Is.EqualTo(ConnectionKind.Closed));
        Assert.That(message.State, Is.EqualTo(OutgoingState.Failed));
    }

    private static double[] Waits(World world) =>
        [.. world.States.Where(state => state.Kind == ConnectionKind.Waiting).Select(state => state.RetryIn!.Value.TotalSeconds)];
}

using System.Text;
using Chat.Server.Outbound;
using Chat.Server.Transport;
using static Chat.Server.Tests.Transport.ClientFrames;

namespace Chat.Server.Tests.Transport;

[CancelAfter(10_000)]
public sealed class ConnectionLoopTests
{
    [Test]
    public async Task A_message_is_echoed_and_the_peers_close_answered_with_its_code(CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer().UpgradeAsync(ct);
        await server.SendAsync(Join(Encode(Binary, "hi"), EncodeClose(3001, "done")), ct);

        Assert.That((await server.ReadFrameAsync(ct))!.Value.Payload, Is.EqualTo("hi"u8.ToArray()));
        Assert.That(await server.ReadCloseCodeAsync(ct), Is.EqualTo(3001));
        Assert.That(await server.ReadFrameAsync(ct), Is.Null);
        Assert.That(await server.Sessions.Closed, Is.EqualTo(new WebSocketCloseReason(3001, "done", WebSocketCloseInitiator.Peer)));
        Assert.That(server.Registry.Count, Is.Zero);
        Assert.That(server.IsAborted, Is.False);
    }

    [Test]
    public async Task A_close_of_ours_waits_for_the_peers_and_drops_what_comes_before_it(CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer().UpgradeAsync(ct);
        server.Sessions.Connection!.Close(4001, "slow");
        server.Sessions.Connection.Close(4002, "later");

        Assert.That(await server.ReadCloseCodeAsync(ct), Is.EqualTo(4001));
        Assert.That(server.Sessions.Connection.Output.TryWrite(Encode(Binary, "x")), Is.False, "nothing follows the close frame");
        await server.SendAsync(Join(Encode(Binary, "late"), Encode(Ping, "late")), ct);
        Assert.That(server.Running.IsCompleted, Is.False);
        await server.SendAsync(EncodeClose(4001), ct);
        await server.Running.WaitAsync(ct);
        Assert.That(await server.ReadFrameAsync(ct), Is.Null);
        Assert.That((await server.Sessions.Closed).Code, Is.EqualTo(4001));
    }

    [Test]
    public async Task A_peer_that_never_answers_a_close_is_cut_after_the_close_timeout(CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer().UpgradeAsync(ct);
        server.Sessions.Connection!.Close(1000);
        server.Pass(TimeSpan.FromSeconds(4.9));
        Assert.That(server.IsAborted, Is.False);

        server.Pass(TimeSpan.FromSeconds(0.2));

        await server.Running.WaitAsync(ct);
        Assert.That(server.IsAborted);
        Assert.That((await server.Sessions.Closed).Initiator, Is.EqualTo(WebSocketCloseInitiator.Server));
    }

    [Test]
    public async Task A_violator_is_told_why_and_let_go_when_it_closes(CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer().UpgradeAsync(ct);
        await server.SendAsync(Join(Encode(Binary, "x"u8, rsv: 4), Encode(Ping, "not answered")), ct);

        Assert.That(await server.ReadCloseCodeAsync(ct), Is.EqualTo(1002));
        Assert.That(server.Running.IsCompleted, Is.False);
        await server.SendAsync(EncodeClose(1002), ct);
        await server.Running.WaitAsync(ct);
        Assert.That(await server.ReadFrameAsync(ct), Is.Null);
        Assert.That((await server.Sessions.Closed).Initiator, Is.EqualTo(WebSocketCloseInitiator.Violation));
    }

    [Test]
    public async Task A_violator_that_stays_is_let_go_after_the_fail_timeout_without_a_reset(CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer().UpgradeAsync(ct);
        await server.SendAsync(Declare(Binary, ulong.MaxValue), ct);
        Assert.That(await server.ReadCloseCodeAsync(ct), Is.EqualTo(1002));

        server.Pass(TimeSpan.FromSeconds(1.1));

        await server.Running.WaitAsync(ct);
        Assert.That(server.IsAborted, Is.False);
    }

    [Test]
    public async Task A_message_may_take_so_long_and_no_longer([Values] bool isFragmented, CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer().UpgradeAsync(ct);
        await server.SendAsync(isFragmented ? Encode(Binary, "x", fin: false) : Encode(Binary, "xyz")[..7], ct);
        server.Pass(TimeSpan.FromSeconds(29));
        Assert.That(server.Sessions.Connection!.CloseReason, Is.Null);

        server.Pass(TimeSpan.FromSeconds(1.1));

        Assert.That(await server.ReadCloseCodeAsync(ct), Is.EqualTo(1008));
    }

    [Test]
    public async Task A_slow_session_is_back_pressure_and_not_a_slow_message(CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer().UpgradeAsync(ct);
        TaskCompletionSource gate = new(), entered = new();
        server.Sessions.Before = _ =>
        {
            entered.TrySetResult();
            return gate.Task;
        };
        byte[] frame = Encode(Binary, "slow");
        await server.SendAsync(frame[..8], ct);
        await server.SendAsync(frame[8..], ct);
        await entered.Task.WaitAsync(ct);
        Assert.That(server.Sessions.Connection!.IsBusy);

        server.Pass(TimeSpan.FromMinutes(5));
        gate.SetResult();

        Assert.That((await server.ReadFrameAsync(ct))!.Value.Payload, Is.EqualTo("slow"u8.ToArray()));
    }

    [Test]
    public async Task A_message_under_way_holds_none_of_the_input(CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer().UpgradeAsync(ct);
        TaskCompletionSource gate = new();
        server.Sessions.Before = _ => gate.Task;
        string first = new('a', 40_000), second = new('b', 40_000); // together more than the pipe takes
        await server.SendAsync(Encode(Binary, first), ct);

        await server.SendAsync(Encode(Binary, second), ct).WaitAsync(ct);
        gate.SetResult();

        Assert.That((await server.ReadFrameAsync(ct))!.Value.Payload, Is.EqualTo(Encoding.ASCII.GetBytes(first)));
        Assert.That((await server.ReadFrameAsync(ct))!.Value.Payload, Is.EqualTo(Encoding.ASCII.GetBytes(second)));
    }

    [Test]
    public async Task A_session_that_throws_ends_its_connection_with_1011(CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer().UpgradeAsync(ct);
        server.Sessions.Before = _ => throw new InvalidOperationException("secret detail");
        await server.SendAsync(Join(Encode(Binary, "x"), Encode(Binary, "y")), ct);

        (int opcode, byte[] payload) = (await server.ReadFrameAsync(ct))!.Value;

        Assert.That(opcode, Is.EqualTo(Close));
        Assert.That(payload, Is.EqualTo((byte[])[0x03, 0xF3, .. "internal error"u8]));
    }

    [Test]
    public async Task Aborting_frees_a_session_that_waits(CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer().UpgradeAsync(ct);
        TaskCompletionSource entered = new();
        server.Sessions.Before = async cut =>
        {
            entered.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cut);
        };
        await server.SendAsync(Encode(Binary, "x"), ct);
        await entered.Task.WaitAsync(ct);

        server.Sessions.Connection!.Abort();

        await server.Running.WaitAsync(ct);
        Assert.That((await server.Sessions.Closed).Code, Is.EqualTo(1006));
    }

    [Test]
    public async Task An_end_without_a_close_frame_is_1006([Values] bool isReset, CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer().UpgradeAsync(ct);
        await server.SendAsync(Encode(Binary, "half", fin: false), ct);
        if (isReset) server.ResetInput();
        else server.EndInput();

        await server.Running.WaitAsync(ct);

        Assert.That(await server.Sessions.Closed, Has.Property("Code").EqualTo(1006).And.Property("Initiator").EqualTo(WebSocketCloseInitiator.Lost));
    }

    [Test]
    public async Task A_burst_of_100_pings_is_answered_and_the_next_closes_with_1008(CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer().UpgradeAsync(ct);
        await server.SendAsync(Join([.. Enumerable.Repeat(Encode(Ping, "p"), 100)]), ct);
        for (int i = 0; i < 100; i++) Assert.That((await server.ReadFrameAsync(ct))!.Value, Is.EqualTo((Pong, "p"u8.ToArray())));
        server.Time.Advance(TimeSpan.FromSeconds(1)); // ten more
        await server.SendAsync(Join([.. Enumerable.Repeat(Encode(Ping, ""), 11)]), ct);
        for (int i = 0; i < 10; i++) Assert.That((await server.ReadFrameAsync(ct))!.Value.Opcode, Is.EqualTo(Pong));

        Assert.That(await server.ReadCloseCodeAsync(ct), Is.EqualTo(1008));
    }

    [Test]
    public async Task Any_byte_counts_as_received(CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer().UpgradeAsync(ct);
        server.Time.Advance(TimeSpan.FromSeconds(9));
        await server.SendAsync(Encode(Pong, ""), ct);

        Assert.That(server.Time.GetElapsedTime(server.Sessions.Connection!.LastReceived), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task Half_a_request_is_answered_408_after_the_handshake_timeout(CancellationToken ct)
    {
        await using PipeServer server = new();
        await server.SendAsync("GET /ws HTT"u8.ToArray(), ct);
        server.Pass(TimeSpan.FromSeconds(4.9));
        Assert.That(server.Running.IsCompleted, Is.False);

        server.Pass(TimeSpan.FromSeconds(0.2));

        Assert.That(await server.ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 408 ").And.Contain("Connection: close"));
    }

    [Test]
    public async Task A_silent_connection_is_ended_without_an_answer(CancellationToken ct)
    {
        await using PipeServer server = new();
        server.Pass(TimeSpan.FromSeconds(9.9));
        Assert.That(server.Running.IsCompleted, Is.False);

        server.Pass(TimeSpan.FromSeconds(0.2));

        await server.Running.WaitAsync(ct);
        Assert.That(await server.ReadHeadAsync(ct), Is.Empty);
    }

    [Test]
    public async Task What_is_not_ours_is_handed_on_whole(CancellationToken ct)
    {
        await using PipeServer server = new();
        await server.SendAsync("POST /x HTTP/1.1\r\n"u8.ToArray(), ct);

        await server.Running.WaitAsync(ct);

        Assert.That(Encoding.ASCII.GetString(server.HandedOn!), Is.EqualTo("POST /x HTTP/1.1\r\n"));
    }

    [Test]
    public async Task A_peer_that_is_thought_dead_is_told_and_not_waited_for(CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer().UpgradeAsync(ct);

        server.Sessions.Connection!.CloseUnheard(4002, "idle_timeout");
        Assert.That(await server.ReadCloseCodeAsync(ct), Is.EqualTo(4002));
        server.Pass(TimeSpan.FromSeconds(0.9));
        Assert.That(server.Running.IsCompleted, Is.False);
        server.Pass(TimeSpan.FromSeconds(0.2));

        await server.Running.WaitAsync(ct);
        Assert.That(server.IsAborted);
    }

    [Test]
    public async Task An_output_over_its_bound_cuts_the_connection_instead_of_closing_it(CancellationToken ct)
    {
        await using PipeServer server = await new PipeServer(outbound: new OutboundOptions { MaxQueuedBytes = 200_000 }).UpgradeAsync(ct);
        IConnectionOutput output = server.Sessions.Connection!.Output;
        while (output.TryWrite(new byte[50_000]))
        {
            // the test does not read, so the bound is reached
        }

        server.Sessions.Connection.Close(1000);

        await server.Running.WaitAsync(ct);
        Assert.That(server.IsAborted);
    }
}

using Chat.Server.Transport;

namespace Chat.Server.Tests.Transport;

/// <summary>Of many who come at once some are let in to the end while the others wait in order (ADR 0034).</summary>
[CancelAfter(20_000), Parallelizable(ParallelScope.All)]
internal sealed class ArrivalGateTests
{
    private static readonly WebSocketOptions OneAtATime = new() { MaxArriving = 1 };

    [Test]
    public void Places_go_to_those_who_waited_longest()
    {
        ArrivalGate gate = new(2);
        Task[] entering = [.. Enumerable.Range(0, 5).Select(_ => gate.EnterAsync())];
        Assert.That(entering.Select(one => one.IsCompleted), Is.EqualTo(new[] { true, true, false, false, false }));

        gate.Leave();
        Assert.That(entering.Select(one => one.IsCompleted), Is.EqualTo(new[] { true, true, true, false, false }));
        Assert.That(gate.Waiting, Is.EqualTo(2));

        for (int left = 0; left < 4; left++) gate.Leave();
        Assert.That((gate.Waiting, entering.All(one => one.IsCompleted)), Is.EqualTo((0, true)));
        Assert.That(new[] { gate.EnterAsync(), gate.EnterAsync(), gate.EnterAsync() }.Count(one => one.IsCompleted), Is.EqualTo(2));
    }

    [Test]
    public async Task No_more_than_so_many_are_inside_and_none_is_forgotten(CancellationToken ct)
    {
        const int Most = 8;
        ArrivalGate gate = new(Most);
        int inside = 0, seen = 0;
        await Task.WhenAll(Enumerable.Range(0, 2_000).Select(_ => Task.Run(PassAsync, ct)));
        Assert.That((inside, gate.Waiting), Is.EqualTo((0, 0)));
        Assert.That(seen, Is.InRange(1, Most));

        async Task PassAsync()
        {
            await gate.EnterAsync();
            int now = Interlocked.Increment(ref inside);
            for (int most = Volatile.Read(ref seen); now > most; most = Volatile.Read(ref seen)) Interlocked.CompareExchange(ref seen, now, most);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            gate.Leave();
        }
    }

    [Test]
    public async Task An_upgrade_waits_for_the_answer_to_the_message_of_the_one_before_and_http_does_not(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(OneAtATime, isTls: false, ct);
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Sessions.Before = _ => answer.Task;
        using RawClient first = await SpeakAsync(server, ct);
        using RawClient second = await RawClient.ConnectAsync(server.Port, ct);
        Task upgrading = second.UpgradeAsync(ct);
        await UntilWaitingAsync(server, 1, ct);

        using RawClient http = await RawClient.ConnectAsync(server.Port, ct);
        await http.SendAsync("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", ct);
        Assert.That(await http.ReadHeadAsync(ct), Does.StartWith("HTTP/1.1 200 "));
        Assert.That((upgrading.IsCompleted, server.Sessions.Created), Is.EqualTo((false, 1)));

        answer.SetResult();
        await upgrading;
        await second.SendAsync(ClientFrames.Encode(ClientFrames.Text, "b"), ct);
        Assert.That((await second.ReadFrameAsync(ct))!.Value.Payload, Is.EqualTo("b"u8.ToArray()));
    }

    [Test]
    public async Task Who_says_nothing_gives_the_place_away_and_may_speak_later(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(OneAtATime, isTls: false, ct);
        using RawClient silent = await RawClient.ConnectAsync(server.Port, ct);
        await silent.UpgradeAsync(ct);
        using RawClient next = await SpeakAsync(server, ct);
        Assert.That((await next.ReadFrameAsync(ct))!.Value.Payload, Is.EqualTo("a"u8.ToArray()));

        await silent.SendAsync(ClientFrames.Encode(ClientFrames.Text, "late"), ct);
        Assert.That((await silent.ReadFrameAsync(ct))!.Value.Payload, Is.EqualTo("late"u8.ToArray()));
    }

    [Test]
    public async Task Who_goes_before_the_answer_gives_the_place_away(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(OneAtATime, isTls: false, ct);
        server.Sessions.Before = cut => server.Sessions.Created == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cut) : Task.CompletedTask;
        using RawClient first = await SpeakAsync(server, ct);
        using RawClient second = await RawClient.ConnectAsync(server.Port, ct);
        Task upgrading = second.UpgradeAsync(ct);
        await UntilWaitingAsync(server, 1, ct);

        server.Sessions.Connection!.Abort();
        await upgrading;
    }

    [Test]
    public async Task Who_goes_while_waiting_makes_no_session(CancellationToken ct)
    {
        await using KestrelServer server = await KestrelServer.StartAsync(OneAtATime, isTls: false, ct);
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Sessions.Before = _ => answer.Task;
        using RawClient first = await SpeakAsync(server, ct);
        using (RawClient impatient = await RawClient.ConnectAsync(server.Port, ct))
        {
            await impatient.SendAsync(PipeServer.Handshake, ct);
            await UntilWaitingAsync(server, 1, ct);
        }

        using RawClient third = await RawClient.ConnectAsync(server.Port, ct);
        Task upgrading = third.UpgradeAsync(ct);
        await UntilWaitingAsync(server, 2, ct);

        answer.SetResult();
        await upgrading;
        Assert.That(server.Sessions.Created, Is.EqualTo(2));
    }

    private static async Task<RawClient> SpeakAsync(KestrelServer server, CancellationToken ct)
    {
        RawClient client = await RawClient.ConnectAsync(server.Port, ct);
        await client.UpgradeAsync(ct);
        await client.SendAsync(ClientFrames.Encode(ClientFrames.Text, "a"), ct);
        return client;
    }

    private static async Task UntilWaitingAsync(KestrelServer server, int count, CancellationToken ct)
    {
        while (server.Registry.Arrivals.Waiting != count) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
    }
}

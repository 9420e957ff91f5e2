using System.Collections.Concurrent;
using Chat.Sdk;

namespace Chat.EndToEnd.Tests;

/// <summary>The server is killed without warning while people write; nothing that was acked may be lost (P1, P3, P4, P6, P7).</summary>
[TestFixture]
[Category("e2e")]
internal sealed class CrashTests
{
    private const int Kills = 20;

    [Test, CancelAfter(240_000)]
    [Property("Promise", "P1")]
    public async Task Twenty_kills_during_a_stream_of_sends_lose_and_double_nothing(CancellationToken ct)
    {
        int seed = Environment.TickCount;
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        await using ServerProcess server = await ServerProcess.StartAsync(demo: true, ct: ct);
        using AccountSession annaAccount = await AccountSession.SignInAsync(server.Url, "anna@demo.example", "demo-password", cancellationToken: ct);
        using AccountSession benAccount = await AccountSession.SignInAsync(server.Url, "ben@demo.example", "demo-password", cancellationToken: ct);
        await using ChatClient anna = new(server.Url, annaAccount), ben = new(server.Url, benAccount);
        await anna.ConnectAsync(ct);
        await ben.ConnectAsync(ct);
        long chatId = (await anna.OpenDirectAsync(benAccount.PrincipalId, ct)).Id;
        long headBefore = anna.Chat(chatId).Summary!.HeadSequence;

        ConcurrentQueue<ChatMessage> received = new();
        using CancellationTokenSource reading = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task reader = ReadAsync(ben.Chat(chatId), headBefore, received, reading.Token);

        List<OutgoingMessage> sends = [];
        using CancellationTokenSource sending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task sender = SendAsync(anna.Chat(chatId), sends, sending.Token);
        for (int kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 700)), TimeProvider.System, ct);
            await server.KillAsync(ct);
            await server.RestartAsync(ct);
        }

        await sending.CancelAsync();
        await sender;
        SentMessage[] acks = await Task.WhenAll(sends.Select(send => send.Sent)).WaitAsync(ct);
        long head = acks.Max(ack => ack.Sequence);
        while (received.IsEmpty || received.Last().Sequence < head) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        await reading.CancelAsync();
        await reader;
        List<ChatMessage> log = await ReadLogAsync(anna.Chat(chatId), headBefore, ct);

        TestContext.Out.WriteLine($"{acks.Length} messages acked over {Kills} kills");
        Assert.That(acks, Has.Length.GreaterThan(100));
        Assert.That(log.Select(row => row.Sequence), Is.EqualTo(Enumerable.Range(1, log.Count).Select(n => headBefore + n)), "dense");
        Assert.That(log.Select(row => row.Text), Is.EquivalentTo(sends.Select(send => send.Text)), "every message once");
        for (int i = 0; i < sends.Count; i++)
            Assert.That(log[(int)(acks[i].Sequence - headBefore - 1)].Text, Is.EqualTo(sends[i].Text), "at the sequence that the ack named");
        Assert.That(received.Select(message => message.Sequence), Is.EqualTo(log.Select(row => row.Sequence)), "received once and in order");
        Assert.That(received.Select(message => message.Text), Is.EqualTo(log.Select(row => row.Text)));
    }

    [Test, CancelAfter(60_000)]
    [Property("Promise", "P13")]
    public async Task A_stop_in_order_acks_what_it_took_and_sends_everyone_away(CancellationToken ct)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(demo: true, ct: ct);
        using AccountSession account = await AccountSession.SignInAsync(server.Url, "anna@demo.example", "demo-password", cancellationToken: ct);
        await using ChatClient anna = new(server.Url, account);
        await anna.ConnectAsync(ct);
        ChatHandle chat = anna.Chat(anna.Chats[0].ChatId);
        OutgoingMessage[] sends = [.. Enumerable.Range(0, 200).Select(n => chat.Send($"before the stop {n}"))];

        int exitCode = await server.StopAsync(ct);
        await server.RestartAsync(ct);
        SentMessage[] acks = await Task.WhenAll(sends.Select(send => send.Sent)).WaitAsync(ct);

        Assert.That(exitCode, Is.Zero, server.Output);
        Assert.That(acks.Select(ack => ack.Sequence), Is.Unique);
        Assert.That(acks.Select(ack => ack.Sequence), Is.Ordered, "one client's messages keep their order over the restart");
    }

    private static async Task SendAsync(ChatHandle chat, List<OutgoingMessage> sends, CancellationToken ct)
    {
        try
        {
            for (int n = 0; ; n++)
            {
                sends.Add(chat.Send($"message {n}"));
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // the test has enough
        }
    }

    private static async Task ReadAsync(ChatHandle chat, long after, ConcurrentQueue<ChatMessage> received, CancellationToken ct)
    {
        try
        {
            await foreach (ChatEvent happened in chat.ReadEventsAsync(ct))
            {
                Assert.That(happened, Is.Not.InstanceOf<ChatDiscontinuity>());
                if (happened is ChatMessage message && message.Sequence > after) received.Enqueue(message);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // the test has enough
        }
    }

    private static async Task<List<ChatMessage>> ReadLogAsync(ChatHandle chat, long after, CancellationToken ct)
    {
        List<ChatMessage> log = [];
        while (true)
        {
            HistoryPage page = await chat.HistoryAsync(after: after, limit: 200, cancellationToken: ct);
            log.AddRange(page.Events.OfType<ChatMessage>());
            after = page.CoversTo;
            if (!page.HasMore) return log;
        }
    }
}

using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Server.Diagnostics.Metrics;
using Chat.Server.Sessions;
using Chat.Storage.Chats;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Wire;

/// <summary>
/// Promise P11 on real sockets: who does not read is cut, by bytes or by time, comes back by its positions, and disturbs nobody.
/// </summary>
[TestFixture]
[Category("postgres")]
[Property("Promise", "P11")]
internal sealed class SlowConsumerTests : ServerFixture
{
    private const int Budget = 1 << 17;
    private const int SmallReceiveBytes = 4 << 10;

    protected override IReadOnlyDictionary<string, string?> Overrides => new Dictionary<string, string?>
    {
        ["Outbound:MaxStall"] = "00:00:01",
        ["Outbound:MaxQueuedBytes"] = $"{Budget}",
    };

    private static string LongText { get; } = new('x', 16_000);

    [Test, CancelAfter(60_000)]
    public async Task Without_progress_for_too_long_a_connection_is_cut_and_resumes_by_its_position_while_others_get_all(
        CancellationToken ct)
    {
        const int Count = 600; // 10 MB: more than the system's buffers between the two take
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct), slow = await NewPersonAsync("Slow", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben, slow);
        using WireClient a = await OnlineAsync(anna, ct), b = await OnlineAsync(ben, ct);
        using WireClient still = await WireClient.ConnectAsync(Url, ct, SmallReceiveBytes);
        await still.HelloAsync(slow.AccessToken, ct);

        Task<List<long>> reading = ReadSequencesAsync(b, Count, ct);
        for (int i = 0; i < Count; i++) await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), LongText), ct);
        List<long> read = await reading;
        await GoneAsync(slow, ct);
        using WireClient again = await WireClient.ConnectAsync(Url, ct);
        WelcomeReply welcome = await again.HelloAsync(slow.AccessToken, ct, new WirePosition(chat.ChatId, chat.Epoch, chat.HeadSequence));
        HistoryReply page = await again.AskAsync<GetHistoryRequest, HistoryReply>(new(chat.ChatId, chat.HeadSequence, null, 10), ct);

        Assert.That(read, Is.EqualTo(Enumerable.Range(1, Count).Select(i => chat.HeadSequence + i)), "the other one missed nothing");
        Assert.That(welcome.Resumed, Is.EqualTo(new[] { new WireResumed(chat.ChatId, chat.Epoch, chat.HeadSequence + Count, true) }));
        Assert.That(page.Events[0].Sequence, Is.EqualTo(chat.HeadSequence + 1));
        Assert.That(
            Services.GetRequiredService<MetricCollector>().Scrape(), Does.Contain("chat_slow_consumers_cut_total{reason=\"time\"}"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Over_its_budget_of_bytes_a_connection_is_cut_at_once_and_ephemeral_pushes_were_dropped_before(CancellationToken ct)
    {
        SignedIn slow = await NewPersonAsync("Slow", ct);
        using WireClient still = await WireClient.ConnectAsync(Url, ct, SmallReceiveBytes);
        WelcomeReply welcome = await still.HelloAsync(slow.AccessToken, ct);
        Session session = Services.GetRequiredService<SessionRegistry>().All.Single(entry => entry.Key == welcome.SessionId).Value;
        byte[] push = FrameEncoder.EncodeWebSocket(
            new EventPush(new WireEvent(1, 1, EventKind.Message, 1, 1, Guid.NewGuid(), null, LongText)));

        long pushed = 0;
        for (; !session.Output.IsBehind; pushed += push.Length)
        {
            session.TryPush(push, ephemeral: false);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, ct); // the pump has its turn
        }

        bool ephemeral = session.TryPush("never sent"u8.ToArray(), ephemeral: true);
        while (session.TryPush(push, ephemeral: false)) pushed += push.Length;

        Assert.That(ephemeral, Is.False, "what is ephemeral gives way first");
        Assert.That(session.HasEnded);
        Assert.That(session.Output.QueuedBytes, Is.Zero, "what it held is given back");
        Assert.That(pushed, Is.GreaterThan(Budget));
        await GoneAsync(slow, ct);
    }

    [Test, CancelAfter(60_000)]
    public async Task Many_that_do_not_read_hold_no_more_than_their_budget(CancellationToken ct)
    {
        const int Still = 40, Count = 600;
        SignedIn anna = await NewPersonAsync("Anna", ct), slow = await NewPersonAsync("Slow", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, slow);
        using WireClient a = await OnlineAsync(anna, ct);
        List<WireClient> still = [];
        for (int i = 0; i < Still; i++)
        {
            still.Add(await WireClient.ConnectAsync(Url, ct, SmallReceiveBytes));
            await still[i].HelloAsync(slow.AccessToken, ct);
        }

        long before = GC.GetTotalMemory(forceFullCollection: true), most = 0;
        for (int i = 0; i < Count; i++)
        {
            await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), LongText), ct);
            if (i % 100 == 0) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        TestContext.Out.WriteLine($"{most / 1024} KiB more with {Still} that do not read");
        await GoneAsync(slow, ct);
        foreach (WireClient client in still) client.Dispose();

        // Each may hold one gathered batch of its chat beside its budget; the ring's own megabyte and the client's copies come on top.
        Assert.That(most, Is.LessThan((Still * (Budget + (512L << 10))) + (40L << 20)));
    }

    private static async Task<List<long>> ReadSequencesAsync(WireClient client, int count, CancellationToken ct)
    {
        List<long> read = [];
        while (read.Count < count) read.Add((await client.NextEventAsync(ct)).Sequence);
        return read;
    }

    private async Task GoneAsync(SignedIn person, CancellationToken ct)
    {
        SessionRegistry registry = Services.GetRequiredService<SessionRegistry>();
        while (registry.CountOf(person.PrincipalId) > 0) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
    }
}

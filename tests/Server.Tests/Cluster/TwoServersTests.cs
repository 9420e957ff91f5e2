using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Calls;
using Chat.Domain.Chats;
using Chat.Domain.Cluster;
using Chat.Domain.Messages;
using Chat.Domain.Scheduled;
using Chat.Domain.Statuses;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Server.Diagnostics;
using Chat.Server.Hosting;
using Chat.Server.Tests.Wire;
using Chat.Storage.Calls;
using Chat.Storage.Chats;
using Chat.Storage.People;
using Chat.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Cluster;

/// <summary>Two composed servers on one PostgreSQL, joined by a bus that a test can silence, with clients on real sockets.</summary>
[TestFixture]
[Category("postgres")]
[NonParallelizable]
internal sealed class TwoServersTests
{
    private const byte Events = 0x11; // RelayFormat.Events: heads and typing still pass

    private readonly List<WebApplication> _servers = [];
    private readonly List<InMemoryBroker> _brokers = [];
    private InMemoryBus _bus = null!;
    private TestDatabase _database = null!;
    private int _people;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _bus = new InMemoryBus();
        _database = await TestDatabase.CreateAsync();
        foreach (string name in (string[])["a", "b"]) await StartServerAsync(name);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        foreach (WebApplication server in _servers)
        {
            await server.StopAsync();
            await server.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    [TearDown]
    public void Heal()
    {
        _bus.OnPublish = null;
        foreach (InMemoryBroker broker in _brokers) broker.SetHealth(BrokerHealth.Healthy);
    }

    [Test, CancelAfter(60_000)]
    [Property("Promise", "P3")]
    public async Task A_message_sent_on_one_server_reaches_a_client_of_the_other_with_the_sequence_of_its_ack(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync(ct), ben = await NewPersonAsync(ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(0, anna, ct), b = await OnlineAsync(1, ben, ct);

        SentReply sent = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "hello"), ct);
        WireEvent atA = await a.NextEventAsync(ct), atB = await b.NextEventAsync(ct);

        Assert.That(atB, Is.EqualTo(atA));
        Assert.That(atB.Sequence, Is.EqualTo(sent.Sequence));
    }

    [Test, CancelAfter(60_000)]
    public async Task Whom_a_message_of_one_server_mentions_learns_so_from_the_other(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync(ct), ben = await NewPersonAsync(ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(0, anna, ct), b = await OnlineAsync(1, ben, ct);
        WireContent content = new(ContentKind.Text, null, [new WireMark(MarkKind.Mention, 0, 4, ben.PrincipalId)], null, null, null);

        SentReply sent = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "@you, look", Content: content), ct);
        WireEvent pushed = await b.NextEventAsync(ct);
        ChatReply named = await b.AskAsync<GetChatRequest, ChatReply>(new(chat.ChatId), ct);
        ChatReply sender = await a.AskAsync<GetChatRequest, ChatReply>(new(chat.ChatId), ct);

        Assert.That(pushed.Content!.Marks.Single().PrincipalId, Is.EqualTo(ben.PrincipalId));
        Assert.That((named.Chat.Mentions, sender.Chat.Mentions), Is.EqualTo((new WireMentions(1, sent.Sequence), (WireMentions?)null)));
    }

    [Test, CancelAfter(60_000)]
    public async Task Typing_and_receipts_cross(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync(ct), ben = await NewPersonAsync(ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(0, anna, ct), b = await OnlineAsync(1, ben, ct);
        SentReply sent = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "hello"), ct);
        await b.NextEventAsync(ct);

        await a.AskAsync<SetTypingRequest, OkReply>(new(chat.ChatId, true), ct);
        TypingPush typing = await b.NextAsync<TypingPush>(ct);
        await b.AskAsync<MarkReadRequest, OkReply>(new(chat.ChatId, sent.Sequence), ct);
        ReceiptsPush receipts = await a.NextAsync<ReceiptsPush>(ct);

        Assert.That((typing.ChatId, typing.PrincipalId, typing.Active), Is.EqualTo((chat.ChatId, anna.PrincipalId, true)));
        Assert.That(receipts.Receipts.Single(), Is.EqualTo(new WireReceipt(ben.PrincipalId, sent.Sequence, sent.Sequence)));
    }

    [Test, CancelAfter(60_000)]
    public async Task Two_devices_answer_a_call_on_two_servers_and_signals_cross_in_order(CancellationToken ct)
    {
        const byte Directed = 0x51; // RelayFormat.Directed
        SignedIn anna = await NewPersonAsync(ct), ben = await NewPersonAsync(ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(0, anna, ct), b = await OnlineAsync(1, ben, ct);
        Guid here = Guid.NewGuid(), there = Guid.NewGuid();
        Caller Of(SignedIn person) => new(person.PrincipalId, person.DeviceId);

        long callId = (await _servers[0].Services.GetRequiredService<StartCall>().ExecuteAsync(Of(anna), chat.ChatId, CallKinds.Voice, here, ct)).Value.Id;
        Result<CallRow>[] answers = await Task.WhenAll(
            _servers[0].Services.GetRequiredService<ChangeCall>().AnswerAsync(Of(ben) with { DeviceId = 77 }, callId, Guid.NewGuid(), ct),
            _servers[1].Services.GetRequiredService<ChangeCall>().AnswerAsync(Of(ben), callId, there, ct));
        Assert.That(answers.Count(answer => answer.IsOk), Is.EqualTo(1), "on whichever node, one");
        if (!answers[1].IsOk)
        {
            await _servers[0].Services.GetRequiredService<ChangeCall>().EndAsync(Of(ben), callId, null, ct);
            callId = (await _servers[0].Services.GetRequiredService<StartCall>().ExecuteAsync(Of(anna), chat.ChatId, CallKinds.Voice, here = Guid.NewGuid(), ct)).Value.Id;
            await _servers[1].Services.GetRequiredService<ChangeCall>().AnswerAsync(Of(ben), callId, there, ct);
        }

        for (int i = 1; i <= 20; i++) await a.SendAsync(new SignalCallRequest(callId, here, ben.PrincipalId, i, CallSignalKind.Candidate, ""), ct);
        List<long> came = [];
        while (came.Count < 20) came.Add((await b.NextAsync<CallSignalPush>(ct)).Sequence);
        Assert.That(came, Is.EqualTo(Enumerable.Range(1, 20)));

        // What the broker loses shows by the next number.
        _bus.OnPublish = (_, payload, deliver) =>
        {
            if (payload.Span[0] != Directed) deliver();
        };
        await a.AskAsync<SignalCallRequest, OkReply>(new(callId, here, ben.PrincipalId, 21, CallSignalKind.Candidate, ""), ct);
        _bus.OnPublish = null;
        await a.AskAsync<SignalCallRequest, OkReply>(new(callId, here, ben.PrincipalId, 22, CallSignalKind.Candidate, ""), ct);
        Assert.That((await b.NextAsync<CallSignalPush>(ct)).Sequence, Is.EqualTo(22));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_group_made_on_one_server_is_heard_of_on_the_other_and_its_messages_follow(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync(ct), ben = await NewPersonAsync(ct);
        using WireClient a = await OnlineAsync(0, anna, ct), b = await OnlineAsync(1, ben, ct);

        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        WireEvent added = await NextEventAsync(b, row => row.Kind == EventKind.ChatAdded, ct);
        SentReply sent = await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), "welcome"), ct);
        WireEvent message = await NextEventAsync(b, row => row.Kind == EventKind.Message, ct);

        Assert.That(added.SubjectId, Is.EqualTo(chat.ChatId));
        Assert.That(message.Sequence, Is.EqualTo(sent.Sequence));
    }

    [TestCase(false), TestCase(true), CancelAfter(120_000)]
    [Property("Promise", "P15")]
    public async Task What_the_broker_loses_arrives_all_the_same(bool isDegraded, CancellationToken ct)
    {
        const int Count = 20;
        SignedIn anna = await NewPersonAsync(ct), ben = await NewPersonAsync(ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(0, anna, ct), b = await OnlineAsync(1, ben, ct);
        if (isDegraded) _brokers[1].SetHealth(BrokerHealth.Degraded); // nothing at all is heard: heads are polled
        else LoseEvents(); // heads are heard

        for (int i = 0; i < Count; i++) await a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), $"{i}"), ct);
        List<long> sequences = [];
        while (sequences.Count < Count) sequences.Add((await b.NextEventAsync(ct)).Sequence);

        Assert.That(sequences, Is.EqualTo(Enumerable.Range(1, Count).Select(n => chat.HeadSequence + n)));
    }

    [Test, CancelAfter(120_000)]
    [Property("Promise", "P7")]
    public async Task A_message_committed_on_the_other_server_during_hello_is_in_the_welcome_or_pushed_though_its_publication_is_lost(
        CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync(ct), ben = await NewPersonAsync(ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(0, anna, ct);
        LoseEvents();
        long position = chat.HeadSequence;
        int pushed = 0;
        for (int round = 0; round < 12; round++)
        {
            Task<SentReply> sending = a.AskAsync<SendMessageRequest, SentReply>(new(chat.ChatId, Guid.NewGuid(), $"{round}"), ct);
            using WireClient b = await WireClient.ConnectAsync(Url(1), ct);
            WelcomeReply welcome = await b.HelloAsync(ben.AccessToken, ct, new WirePosition(chat.ChatId, chat.Epoch, position));
            SentReply sent = await sending;

            bool isInWelcome = welcome.Resumed.Any(
                resumed => resumed.ChatId == chat.ChatId && resumed.Recovered && resumed.HeadSequence >= sent.Sequence);
            if (!isInWelcome)
            {
                Assert.That((await b.NextEventAsync(ct)).Sequence, Is.EqualTo(sent.Sequence));
                pushed++;
            }

            position = sent.Sequence;
        }

        TestContext.Out.WriteLine($"{pushed} of 12 were pushed");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_status_is_told_to_whom_it_is_for_on_the_other_server_and_a_look_at_it_back(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync(ct), ben = await NewPersonAsync(ct), cleo = await NewPersonAsync(ct);
        foreach ((SignedIn keeper, SignedIn whom) in ((SignedIn, SignedIn)[])[(anna, ben), (ben, anna), (anna, cleo)])
            await Service<ContactStore>().PutAsync(keeper.PrincipalId, whom.PrincipalId, (null, false), 10, ct);
        using WireClient a = await OnlineAsync(0, anna, ct), b = await OnlineAsync(1, ben, ct), c = await OnlineAsync(1, cleo, ct);

        long id = (await Service<PostStatus>().ExecuteAsync(
            Caller(anna), new StatusInput(Guid.NewGuid(), ContentKind.Text, "At sea"), ct)).Value.Id;
        WireEvent own = await a.NextEventAsync(ct), came = await b.NextEventAsync(ct);
        Assert.That((own.Kind, own.SubjectId, own.Sequence > 0), Is.EqualTo((EventKind.StatusesChanged, (long?)anna.PrincipalId, true)));
        Assert.That((came.Kind, came.SubjectId, came.Sequence), Is.EqualTo((EventKind.StatusesChanged, (long?)anna.PrincipalId, 0L)));

        await _servers[1].Services.GetRequiredService<ViewStatus>().ExecuteAsync(Caller(ben), id, ct);
        WireEvent looked = await a.NextEventAsync(ct);
        Assert.That((looked.Kind, looked.SenderId, looked.ReplyTo, looked.Sequence), Is.EqualTo((EventKind.StatusViewed, ben.PrincipalId, (long?)id, 0L)));
        Assert.That((await b.NextEventAsync(ct)).Kind, Is.EqualTo(EventKind.StatusViewed), "the viewer's other devices");

        await Service<DeleteStatus>().ExecuteAsync(Caller(anna), id, ct);
        Assert.That((await b.NextEventAsync(ct)).Kind, Is.EqualTo(EventKind.StatusesChanged));
        Assert.That((await a.NextEventAsync(ct)).Sequence, Is.EqualTo(own.Sequence + 1), "hints take no place in the log");

        // The hints for her would have come before this: a hint is sent as soon as it is read whom it is for, one order after another.
        await Service<ContactStore>().PutAsync(cleo.PrincipalId, anna.PrincipalId, (null, false), 10, ct);
        WireEvent kept = await c.NextEventAsync(ct);
        Assert.That(kept.Kind, Is.EqualTo(EventKind.ContactChanged), "the first that she hears: she did not keep the author until now");
        long next = (await Service<PostStatus>().ExecuteAsync(
            Caller(anna), new StatusInput(Guid.NewGuid(), ContentKind.Text, "Ashore"), ct)).Value.Id;
        WireEvent hint = await c.NextEventAsync(ct);
        Assert.That((hint.Kind, hint.Sequence), Is.EqualTo((EventKind.StatusesChanged, 0L)), "the order of it came after those of before");
        Assert.That(next, Is.GreaterThan(id));
    }

    [Test, CancelAfter(60_000)]
    public async Task Scheduled_messages_are_sent_by_either_server_once_and_reach_all_devices_live(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync(ct), ben = await NewPersonAsync(ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        using WireClient a = await OnlineAsync(0, anna, ct), other = await OnlineAsync(1, anna, ct), b = await OnlineAsync(1, ben, ct);
        DateTimeOffset later = TimeProvider.System.GetUtcNow().AddHours(1);
        List<long> ids = [];
        foreach (int i in Enumerable.Range(1, 10))
        {
            SendMessageInput input = new(chat.ChatId, Guid.NewGuid(), $"{i}", null);
            ids.Add((await Service<ScheduleMessage>().ExecuteAsync(Caller(anna), input, later.AddSeconds(i), ct)).Value.Id);
        }

        // Within two seconds each is due, and whichever server looks first takes the first of them.
        foreach (long id in ids) Assert.That((await Service<ChangeScheduled>().SendNowAsync(Caller(anna), id, ct)).IsOk);

        List<WireEvent> came = [];
        while (came.Count < 10) came.Add(await NextEventAsync(b, e => e.Kind == EventKind.Message, ct));
        Assert.That(came.Select(e => e.Text), Is.EqualTo(Enumerable.Range(1, 10).Select(i => $"{i}")), "in the order in which they were due");
        Assert.That(came.Select(e => e.SenderId), Is.All.EqualTo(anna.PrincipalId));
        Assert.That(came.Zip(came.Skip(1)).All(pair => pair.Second.Sequence == pair.First.Sequence + 1), "none of them twice");
        foreach (WireClient own in (WireClient[])[a, other])
        {
            Assert.That((await NextEventAsync(own, e => e.Kind == EventKind.Message, ct)).Text, Is.EqualTo("1"));
            WireEvent told = await NextEventAsync(own, e => e.Kind == EventKind.ScheduledChanged && e.ReplyTo == ids[^1], ct);
            Assert.That(told.SubjectId, Is.EqualTo(chat.ChatId));
        }
    }

    private static Domain.Caller Caller(SignedIn person) => new(person.PrincipalId, person.DeviceId);

    private void LoseEvents() => _bus.OnPublish = static (_, payload, deliver) =>
    {
        if (payload.Span[0] != Events) deliver();
    };

    private async Task StartServerAsync(string name)
    {
        Dictionary<string, string?> settings = new()
        {
            ["Server:Port"] = "0",
            ["Cluster:NodeId"] = name,
            ["Tokens:SigningKey"] = Convert.ToBase64String(new byte[48]),
            ["Database:ConnectionString"] = _database.ConnectionString,
        };
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        InMemoryBroker broker = _bus.Join();
        _brokers.Add(broker);
        WebApplication server = ServerHost.Build(
            SettingsReader.Read(configuration, isDevelopment: true),
            configuration,
            _database.ConnectionString,
            ServerLog.Create(configuration, isDevelopment: true),
            services => services.AddSingleton<IBroker>(broker));
        _servers.Add(server);
        await server.StartAsync();
    }

    private Uri Url(int server) => new(_servers[server].Urls.First());

    private T Service<T>()
        where T : notnull => _servers[0].Services.GetRequiredService<T>();

    private async Task<SignedIn> NewPersonAsync(CancellationToken ct)
    {
        RegisterInput input = new("Person", $"cluster{++_people}@example.test", null, "a good password", "test", "127.0.0.1");
        return (await Service<RegisterAccount>().ExecuteAsync(input, ct)).Value;
    }

    private async Task<ChatRow> NewGroupAsync(CancellationToken ct, params SignedIn[] members) =>
        (await Service<CreateGroup>().ExecuteAsync(
            new Domain.Caller(members[0].PrincipalId, members[0].DeviceId), "a group",
            [.. members.Skip(1).Select(member => member.PrincipalId)], ct)).Value;

    private async Task<WireClient> OnlineAsync(int server, SignedIn person, CancellationToken ct)
    {
        WireClient client = await WireClient.ConnectAsync(Url(server), ct);
        await client.HelloAsync(person.AccessToken, ct);
        return client;
    }

    private static async Task<WireEvent> NextEventAsync(WireClient client, Func<WireEvent, bool> isWanted, CancellationToken ct)
    {
        while (true)
        {
            WireEvent row = await client.NextEventAsync(ct);
            if (isWanted(row)) return row;
        }
    }
}

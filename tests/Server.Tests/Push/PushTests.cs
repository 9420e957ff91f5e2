using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Chats;
using Chat.Domain.Cluster;
using Chat.Domain.Messages;
using Chat.Domain.Push;
using Chat.Domain.Receipts;
using Chat.Server.Diagnostics;
using Chat.Server.Hosting;
using Chat.Server.Tests.Wire;
using Chat.Storage.Chats;
using Chat.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Push;

/// <summary>R-372 on two composed servers with a push service over HTTPS: who is away is told, encrypted for their browser, and nobody else.</summary>
[TestFixture, Category("postgres"), NonParallelizable]
internal sealed class PushTests
{
    private readonly List<WebApplication> _servers = [];
    private readonly InMemoryBus _bus = new();
    private TestDatabase _database = null!;
    private PushServiceHost _service = null!;
    private int _people;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _service = await PushServiceHost.StartAsync();
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

        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [SetUp]
    public void Forget()
    {
        _service.Received.Clear();
        _service.Answer = _ => 201;
    }

    [Test, CancelAfter(60_000)]
    public async Task Whoever_is_away_is_told_and_who_is_connected_to_any_node_is_not(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct), carla = await NewPersonAsync("Carla", ct), dora = await NewPersonAsync("Dora", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben, carla, dora);
        Browser bens = await SubscribeAsync(1, ben, ct), carlas = await SubscribeAsync(0, carla, ct), annas = await SubscribeAsync(0, anna, ct);
        Browser doras = await SubscribeAsync(1, dora, ct, PushContent.None);
        using WireClient there = await OnlineAsync(1, carla, ct);
        await KnownAsync(ct);

        await SayAsync(0, anna, chat, "secret words", ct);
        Pushed[] pushed = await ReceivedAsync(2, ct);

        Assert.That(pushed.Select(one => one.Browser), Is.EquivalentTo(new[] { bens.Id, doras.Id }), $"not {carlas.Id} and not {annas.Id}");
        Pushed toBen = pushed.Single(one => one.Browser == bens.Id), toDora = pushed.Single(one => one.Browser == doras.Id);
        Assert.That(((string)toBen.Payload["text"]!, (string)toBen.Payload["sender"]!["name"]!, (long)toBen.Payload["chat"]!), Is.EqualTo(("secret words", "Anna", chat.ChatId)));
        Assert.That(toDora.Payload.ToJsonString(), Does.Not.Contain("secret").And.Not.Contain("Anna"));
        Assert.That((toBen.TimeToLive, toBen.Urgency, toBen.Size % 256), Is.EqualTo(("86400", "normal", 102)), "the text's length is hidden in steps");

        Assert.That((await Service<MarkRead>(1).ExecuteAsync(Of(ben), chat.ChatId, chat.HeadSequence + 1)).IsOk);
        Task<Result<SentMessage>> sent = SayAsync(0, anna, chat, "read at once", ct);
        Assert.That((await Service<MarkRead>(1).ExecuteAsync(Of(ben), chat.ChatId, (await sent).Value.Sequence)).IsOk);
        Pushed again = (await ReceivedAsync(3, ct))[2];
        Assert.That((again.Browser, again.Topic), Is.EqualTo((doras.Id, toDora.Topic)), "it replaces the first one");
    }

    [Test, CancelAfter(60_000)]
    public async Task What_the_service_says_is_heeded(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct), ben = await NewPersonAsync("Ben", ct);
        ChatRow chat = await NewGroupAsync(ct, anna, ben);
        await SubscribeAsync(1, ben, ct);
        await KnownAsync(ct);
        Queue<int> answers = new([413, 429, 500, 201]);
        _service.Answer = http =>
        {
            int status = answers.Dequeue();
            if (status == 429) http.Response.Headers.RetryAfter = "1";
            return status;
        };
        await SayAsync(0, anna, chat, "hello", ct);
        Pushed[] pushed = await ReceivedAsync(4, ct);
        Assert.That(pushed.Select(one => one.Status), Is.EqualTo(new[] { 413, 429, 500, 201 }));
        Assert.That(pushed.Select(one => one.Payload.ContainsKey("text")), Is.EqualTo(new[] { true, false, false, false }));

        _service.Answer = _ => 410;
        await SayAsync(0, anna, chat, "are you there?", ct);
        await ReceivedAsync(5, ct);
        while ((await Service<GetPush>(0).ExecuteAsync(Of(ben), ct)).Value.Subscription is not null) await PauseAsync(ct);
    }

    [Test, CancelAfter(60_000)]
    public async Task Both_nodes_give_browsers_the_same_key(CancellationToken ct)
    {
        SignedIn anna = await NewPersonAsync("Anna", ct);
        string?[] keys = [(await Service<GetPush>(0).ExecuteAsync(Of(anna), ct)).Value.PublicKey, (await Service<GetPush>(1).ExecuteAsync(Of(anna), ct)).Value.PublicKey];

        Assert.That(keys[0], Has.Length.EqualTo(87).And.EqualTo(keys[1]));
    }

    private async Task StartServerAsync(string name)
    {
        Dictionary<string, string?> settings = new()
        {
            ["Server:Port"] = "0",
            ["Cluster:NodeId"] = name,
            ["Tokens:SigningKey"] = Convert.ToBase64String(new byte[48]),
            ["Database:ConnectionString"] = _database.ConnectionString,
            ["Push:Settling"] = "00:00:00.3",
            ["Push:AllowPrivateAddresses"] = "true",
        };
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        InMemoryBroker broker = _bus.Join();
        WebApplication server = ServerHost.Build(
            SettingsReader.Read(configuration, isDevelopment: true),
            configuration,
            _database.ConnectionString,
            ServerLog.Create(configuration, isDevelopment: true),
            services => services.AddSingleton<IBroker>(broker).AddSingleton(_ => _service.Client()));
        _servers.Add(server);
        await server.StartAsync();
    }

    private T Service<T>(int server)
        where T : notnull => _servers[server].Services.GetRequiredService<T>();

    private static Caller Of(SignedIn person) => new(person.PrincipalId, person.DeviceId);

    private async Task<SignedIn> NewPersonAsync(string name, CancellationToken ct) => (await Service<RegisterAccount>(0).ExecuteAsync(
        new RegisterInput(name, $"push{++_people}@example.test", null, "a good password", "test", "127.0.0.1"), ct)).Value;

    private async Task<ChatRow> NewGroupAsync(CancellationToken ct, params SignedIn[] members) => (await Service<CreateGroup>(0).ExecuteAsync(
        Of(members[0]), "a group", [.. members.Skip(1).Select(member => member.PrincipalId)], ct)).Value;

    private async Task<Browser> SubscribeAsync(int server, SignedIn person, CancellationToken ct, PushContent content = PushContent.Full)
    {
        Browser browser = _service.NewBrowser();
        browser.ServerKey = (await Service<GetPush>(server).ExecuteAsync(Of(person), ct)).Value.PublicKey!;
        PushInput input = new(PushTransport.Web, browser.Endpoint, browser.P256dh, browser.Auth, content);
        Assert.That((await Service<SetPush>(server).ExecuteAsync(Of(person), input, ct)).Failure, Is.Null);
        return browser;
    }

    private async Task<WireClient> OnlineAsync(int server, SignedIn person, CancellationToken ct)
    {
        WireClient client = await WireClient.ConnectAsync(new Uri(_servers[server].Urls.First()), ct);
        await client.HelloAsync(person.AccessToken, ct);
        return client;
    }

    /// <summary>Each node knows within two seconds that somebody wants to be pushed to.</summary>
    private async Task KnownAsync(CancellationToken ct)
    {
        while (!(Service<PushNews>(0).IsWanted && Service<PushNews>(1).IsWanted)) await PauseAsync(ct);
    }

    private Task<Result<SentMessage>> SayAsync(int server, SignedIn sender, ChatRow chat, string text, CancellationToken ct) =>
        Service<SendMessage>(server).ExecuteAsync(Of(sender), new SendMessageInput(chat.ChatId, Guid.NewGuid(), text, null)).AsTask().WaitAsync(ct);

    private async Task<Pushed[]> ReceivedAsync(int count, CancellationToken ct)
    {
        while (_service.Received.Count < count) await PauseAsync(ct);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, ct); // one too many would be here by then
        Assert.That(_service.Received, Has.Count.EqualTo(count));
        return [.. _service.Received];
    }

    private static Task PauseAsync(CancellationToken ct) => Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
}

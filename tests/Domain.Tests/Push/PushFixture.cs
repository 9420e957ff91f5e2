using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Chat.Domain.Accounts;
using Chat.Domain.Calls;
using Chat.Domain.Cluster;
using Chat.Domain.Push;
using Chat.Storage;
using Chat.Storage.Push;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Domain.Tests.Push;

/// <summary>People with devices that want to be pushed to, and a node that tells them. Each test has a node of its own.</summary>
public abstract class PushFixture : WorldFixture
{
    private protected static readonly PushOptions Options = new();

    private protected InMemoryBus Bus { get; private set; } = null!;

    private protected FakeTimeProvider Time { get; private set; } = null!;

    private protected RecordingPush Service { get; private set; } = null!;

    private protected PushQueue Queue { get; private set; } = null!;

    private protected PushNews News { get; private set; } = null!;

    private protected PeerNodes Peers { get; private set; } = null!;

    private protected ConnectedDevices Connected { get; private set; } = null!;

    private protected TellAway Tell { get; private set; } = null!;

    private protected RingAway Ring { get; private set; } = null!;

    private protected PushNotices Notices { get; private set; } = null!;

    private protected PushStore Store => new(World.Source);

    private protected SetPush Set => new(Store, [Service], News, Options, World.Limits);

    private protected GetPush Get => new(Store, [Service], World.Limits);

    private protected RemovePush Remove => new(Store, World.Limits);

    [SetUp]
    public async Task StartNodeAsync()
    {
        Bus = new InMemoryBus();
        Time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        Service = new RecordingPush();
        PushReceivers receivers = new(World.Source);
        Notices = new PushNotices(Options, new CallOptions(), Time);
        Queue = new PushQueue(Store, new RenewPush(receivers, Notices), [Service], Time, NullLogger<PushQueue>.Instance);
        News = new PushNews(new RecordedEvents(), Options, Time) { IsWanted = true };
        NodeIdentity self = NodeIdentity.Create("a");
        Peers = new PeerNodes(self, Time);
        InMemoryBroker broker = Bus.Join();
        ControlReceiver control = new(new DeviceRevocation(World.Tokens, World.Sessions, broker));
        Connected = new ConnectedDevices(World.Sessions, broker, self, Peers, TimeProvider.System);
        control.DevicesAsked += Connected.OnHeard;
        broker.Attach(BrokerTopic.Control, control);
        await broker.StartAsync(default);
        Tell = new TellAway(News, receivers, Connected, Notices, Queue);
        Ring = new RingAway(News, receivers, Connected, Notices, Queue);
        World.Events.Committed.Clear();
    }

    [TearDown]
    public async Task StopNodeAsync() => await Queue.DisposeAsync();

    /// <summary>A person with a device that is pushed to.</summary>
    private protected async Task<Caller> SubscriberAsync(string name = "Bert", PushContent content = PushContent.Full)
    {
        Caller person = await World.PersonAsync(name);
        return await DeviceAsync(person, content);
    }

    /// <summary>One more device of a person, which is pushed to.</summary>
    private protected async Task<Caller> DeviceAsync(Caller person, PushContent content = PushContent.Full)
    {
        Caller device = await SignInAsync(person);
        Result<PushSubscription> set = await Set.ExecuteAsync(device, Input(content: content), default);
        Assert.That(set.Failure, Is.Null);
        return device;
    }

    private protected async Task<Caller> SignInAsync(Caller person)
    {
        string passwordHash = (await World.Accounts.FindAsync(person.PrincipalId, default))!.PasswordHash;
        long? device = await World.Devices.CreateAsync(
            person.PrincipalId, passwordHash, "phone", RandomNumberGenerator.GetBytes(32), TimeProvider.System.GetUtcNow().AddDays(1), default);
        return new Caller(person.PrincipalId, device!.Value);
    }

    private protected static PushInput Input(string? endpoint = null, PushContent content = PushContent.Full)
    {
        using ECDiffieHellman key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        ECPoint point = key.ExportParameters(false).Q;
        return new PushInput(
            PushTransport.Web,
            endpoint ?? $"https://push.example.net/{Guid.NewGuid():N}",
            Base64Url.EncodeToString([4, .. point.X!, .. point.Y!]),
            Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            content);
    }

    /// <summary>Lets what was committed settle, and gives what the service was given for these devices, in no order.</summary>
    private protected async Task<JsonObject[]> TellAsync(params Caller[] devices)
    {
        Note();
        Time.Advance(Options.Settling);
        await Ring.ExecuteAsync(default);
        await Tell.ExecuteAsync(default);
        await IdleAsync();
        return Told(devices);
    }

    /// <summary>Lets the node commit what was done since the last time.</summary>
    private protected void Note()
    {
        List<EventRow> rows = [];
        while (World.Events.Committed.TryDequeue(out EventRow? row)) rows.Add(row);
        News.OnCommitted(rows);
    }

    /// <summary>What was handed over is settled.</summary>
    private protected async Task IdleAsync()
    {
        while (!Queue.IsIdle) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
    }

    private protected JsonObject[] Told(params Caller[] devices) =>
        [.. Service.Sent.Where(one => devices.Any(device => device.DeviceId == one.Target.DeviceId)).Select(one => RecordingPush.Read(one.Notice))];

    private protected async Task ExecuteAsync(string sql, params object[] values)
    {
        await using NpgsqlCommand command = World.Source.CreateCommand(sql);
        foreach (object value in values) command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync();
    }
}

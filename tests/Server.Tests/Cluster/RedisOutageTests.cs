using Chat.Domain.Cluster;
using Chat.Server.Cluster;
using Chat.TestKit;

namespace Chat.Server.Tests.Cluster;

/// <summary>What becomes of a node when Redis is away, stalls, refuses or is spoken to by others.</summary>
[Category("redis"), Parallelizable, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RedisOutageTests // F-10, F-11, F-12
{
    private readonly List<IAsyncDisposable> _made = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("chat-redis-outage-").FullName;

    [SetUp]
    public void Require() => RedisFixture.Require();

    [TearDown]
    public async Task EndAsync()
    {
        foreach (IAsyncDisposable made in Enumerable.Reverse(_made)) await made.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test, CancelAfter(120_000)]
    public async Task A_node_starts_degraded_when_Redis_is_down_and_says_so_once(CancellationToken ct)
    {
        TestRedis redis = await StartRedisAsync("--requirepass", "a-secret");
        await redis.KillAsync();
        RecordingLog<RedisBroker> log = new();
        (RedisBroker broker, RecordingReceiver heard) = await StartAsync(
            new ClusterOptions { Redis = redis.Address, RedisPassword = "a-secret" }, log, ct);

        Assert.That(broker.Health, Is.EqualTo(BrokerHealth.Degraded));
        Assert.That(broker.Keys, Is.Null);
        Assert.That(broker.TryPublish(BrokerChannel.Control, new byte[1]), Is.False);
        Assert.That(log.Lines, Has.Length.EqualTo(1));
        Assert.That(
            log.Lines[0],
            Does.StartWith("Warning").And.Contains(redis.Address).And.Contains("no connection").And.Contains("tries again by itself"));

        await redis.RestartAsync();
        Assert.That(await heard.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Healthy));
        Assert.That(log.Lines, Has.Length.EqualTo(2));
        Assert.That(log.Lines[1], Does.Contain("can be used again"));
        Assert.That(string.Concat(log.Lines), Does.Not.Contain("a-secret"));
    }

    [Test, CancelAfter(120_000)]
    public async Task Nodes_meet_through_a_socket_of_their_host_and_one_that_is_not_there_is_named(CancellationToken ct)
    {
        string socket = Path.Combine(_folder, "redis.sock");
        ClusterOptions options = new() { Redis = $"unix:{socket}", RedisPassword = "a-secret", RedisDatabase = 3 };
        RecordingLog<RedisBroker> log = new();
        (RedisBroker early, RecordingReceiver heardEarly) = await StartAsync(options, log, ct);
        Assert.That(early.Health, Is.EqualTo(BrokerHealth.Degraded));
        Assert.That(log.Lines.Single(), Does.StartWith("Warning").And.Contains($"unix:{socket}").And.Contains("check that it runs there"));

        await StartRedisAsync("--unixsocket", socket, "--requirepass", "a-secret");
        Assert.That(await heardEarly.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Healthy));
        (RedisBroker late, RecordingReceiver heardLate) = await StartAsync(options, null, ct);
        Assert.That(await heardLate.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Healthy));
        Assert.That(late.Keys!.Database, Is.EqualTo(3));
        Assert.That(early.TryPublish(BrokerChannel.Control, new byte[] { 7 }), Is.True);
        Assert.That((await heardLate.NextAsync(ct)).Payload, Is.EqualTo(new byte[] { 7 }));
    }

    [Test, CancelAfter(120_000)]
    public async Task Publishing_to_a_stalled_Redis_returns_at_once_and_keeps_only_so_much([Values] bool paused, CancellationToken ct)
    {
        TestRedis redis = await StartRedisAsync();
        (RedisBroker one, RecordingReceiver heardByOne) = await StartAsync(redis, ct);
        (_, RecordingReceiver heardByTwo) = await StartAsync(redis, ct);
        await heardByOne.NextHealthAsync(ct);
        await heardByTwo.NextHealthAsync(ct);
        byte[] payload = new byte[64 << 10];

        if (paused) await redis.CommandAsync("CLIENT", "PAUSE", 600_000, "ALL");
        else redis.Stop();
        int taken = 0;
        for (int i = 0; i < 4000; i++)
        {
            if (one.TryPublish(BrokerChannel.ForNode(i), payload)) taken++;
            Assert.That(one.OutstandingBytes, Is.LessThanOrEqualTo(RedisLink.MaxOutstandingBytes));
        }

        Assert.That(taken, Is.LessThan(4000 / 4), "a quarter of a gigabyte was offered");
        Assert.That(await heardByOne.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Degraded));
        Assert.That(await heardByTwo.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Degraded));
        Assert.That(one.TryPublish(BrokerChannel.Control, payload), Is.False);

        if (paused) await redis.RestartAsync(); // CLIENT UNPAUSE waits like any other command
        else redis.Continue();
        Assert.That(await heardByOne.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Healthy));
        Assert.That(await heardByTwo.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Healthy));
        Assert.That(one.TryPublish(BrokerChannel.Control, new byte[3]), Is.True);
        while ((await heardByTwo.NextAsync(ct)).Channel != BrokerChannel.Control)
        {
            // What Redis had taken before the stall may still come.
        }
    }

    [Test, CancelAfter(120_000)]
    public async Task A_subscription_that_is_cut_is_made_anew_on_every_channel(CancellationToken ct)
    {
        TestRedis redis = await StartRedisAsync();
        (_, RecordingReceiver heard) = await StartAsync(redis, ct);
        await heard.NextHealthAsync(ct);

        for (int round = 0; round < 5; round++)
        {
            await redis.CommandAsync("CLIENT", "KILL", "TYPE", "pubsub");
            Assert.That(await heard.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Degraded));
            Assert.That(await heard.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Healthy));
        }

        (RedisBroker other, _) = await StartAsync(redis, ct);
        for (int bucket = 0; bucket < BrokerChannel.ChatBuckets; bucket++)
            other.TryPublish(new BrokerChannel(BrokerTopic.Chats, (byte)bucket), new byte[1]);
        List<(BrokerChannel Channel, byte[] Payload)> taken = await heard.TakeAsync(BrokerChannel.ChatBuckets, ct);
        Assert.That(taken.Select(item => (int)item.Channel.Bucket), Is.EquivalentTo(Enumerable.Range(0, BrokerChannel.ChatBuckets)));
        Assert.That(heard.Waiting, Is.Zero, "no channel is subscribed twice");
    }

    [Test, CancelAfter(120_000)]
    public async Task Other_connections_that_are_cut_are_made_anew_too(CancellationToken ct)
    {
        TestRedis redis = await StartRedisAsync();
        (RedisBroker broker, RecordingReceiver heard) = await StartAsync(redis, ct);
        await heard.NextHealthAsync(ct);

        await redis.CommandAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

        Assert.That(await heard.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Degraded));
        Assert.That(await heard.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Healthy));
        Assert.That(broker.TryPublish(BrokerChannel.Control, new byte[1]), Is.True);
    }

    [Test, CancelAfter(120_000)]
    public async Task A_password_that_is_wrong_or_missing_is_named_without_being_shown(CancellationToken ct)
    {
        TestRedis redis = await StartRedisAsync("--requirepass", "the-right-one");
        RecordingLog<RedisBroker> wrong = new(), missing = new();
        await StartAsync(new ClusterOptions { Redis = redis.Address, RedisPassword = "the-wrong-one" }, wrong, ct);
        await StartAsync(new ClusterOptions { Redis = redis.Address }, missing, ct);
        (RedisBroker right, _) = await StartAsync(
            new ClusterOptions { Redis = $"redis://default:the-right-one@{redis.Address}/3" }, null, ct);

        Assert.That(
            wrong.Lines.Single(),
            Does.Contain("refuses the password").And.Contains("Cluster:RedisPassword").And.Not.Contains("the-wrong-one"));
        Assert.That(missing.Lines.Single(), Does.Contain("asks for a password"));
        Assert.That(right.Health, Is.EqualTo(BrokerHealth.Healthy));
        Assert.That(right.Keys!.Database, Is.EqualTo(3));
    }

    [Test, CancelAfter(120_000)]
    public async Task Garbage_on_the_channels_is_ignored(CancellationToken ct)
    {
        TestRedis redis = await StartRedisAsync();
        (RedisBroker one, _) = await StartAsync(redis, ct);
        (RedisBroker two, RecordingReceiver heard) = await StartAsync(redis, ct);
        Random random = new(4);
        byte[] noise = new byte[300];
        random.NextBytes(noise);
        noise[0] = 77;
        byte[] later = new PublicationHeader(PublicationKind.Payload, 5).InFrontOf("of a later version"u8);
        later[0] = 2;
        byte[] otherKind = new PublicationHeader((PublicationKind)9, 5).InFrontOf("of another kind"u8);
        byte[] shortProbe = new PublicationHeader(PublicationKind.Probe, 5).InFrontOf("?"u8);

        foreach (string channel in (string[])["chat:da7a:control", "chat:da7a:presence", "chat:da7a:chats:0", "chat:da7a:chats:255"])
        {
            byte[][] nonsense = [[], [1], [1, 1, 0, 0, 0, 0, 0, 0, 0], noise, later, otherKind, shortProbe, "*3\r\n"u8.ToArray()];
            foreach (byte[] garbage in nonsense)
                await redis.CommandAsync("PUBLISH", channel, garbage);
        }

        one.TryPublish(BrokerChannel.Control, "sound"u8.ToArray());

        Assert.That((await heard.NextAsync(ct)).Payload, Is.EqualTo("sound"u8.ToArray()));
        Assert.That(heard.Waiting, Is.Zero);
        Assert.That(two.Health, Is.EqualTo(BrokerHealth.Healthy));
    }

    [Test, CancelAfter(120_000)]
    public async Task Clusters_with_other_prefixes_do_not_hear_each_other(CancellationToken ct)
    {
        TestRedis redis = await StartRedisAsync();
        (RedisBroker one, _) = await StartAsync(new ClusterOptions { Redis = redis.Address, KeyPrefix = "a*:" }, null, ct);
        (RedisBroker two, RecordingReceiver heard) = await StartAsync(
            new ClusterOptions { Redis = redis.Address, KeyPrefix = "ab:" }, null, ct);
        (RedisBroker three, _) = await StartAsync(new ClusterOptions { Redis = redis.Address, KeyPrefix = "ab:" }, null, ct);

        one.TryPublish(BrokerChannel.Control, "of a"u8.ToArray());
        three.TryPublish(BrokerChannel.Control, "of ab"u8.ToArray());

        Assert.That((await heard.NextAsync(ct)).Payload, Is.EqualTo("of ab"u8.ToArray()));
        Assert.That(two.Health, Is.EqualTo(BrokerHealth.Healthy));
    }

    [Test, CancelAfter(120_000)]
    public async Task Clusters_of_two_databases_do_not_hear_each_other_though_they_are_configured_alike(CancellationToken ct)
    {
        TestRedis redis = await StartRedisAsync();
        ClusterOptions options = new() { Redis = redis.Address };
        (RedisBroker one, _) = await StartAsync(options, null, ct, tag: 1);
        (_, RecordingReceiver heard) = await StartAsync(options, null, ct, tag: 2);
        (RedisBroker three, _) = await StartAsync(options, null, ct, tag: 2);

        one.TryPublish(BrokerChannel.Control, "of the first"u8.ToArray());
        three.TryPublish(BrokerChannel.Control, "of the second"u8.ToArray());

        Assert.That((await heard.NextAsync(ct)).Payload, Is.EqualTo("of the second"u8.ToArray()));
    }

    [Test, CancelAfter(120_000)]
    public async Task A_receiver_that_throws_does_not_end_the_broker(CancellationToken ct)
    {
        TestRedis redis = await StartRedisAsync();
        RecordingLog<RedisBroker> log = new();
        RedisBroker faulty = RedisFixture.CreateBroker(new ClusterOptions { Redis = redis.Address }, log);
        _made.Add(faulty);
        RecordingReceiver heard = new();
        faulty.Attach(BrokerTopic.Control, new ThrowingReceiver());
        faulty.Attach(BrokerTopic.Presence, heard);
        await faulty.StartAsync(ct);
        (RedisBroker other, _) = await StartAsync(redis, ct);

        other.TryPublish(BrokerChannel.Control, new byte[1]);
        other.TryPublish(BrokerChannel.Presence, new byte[2]);

        Assert.That((await heard.NextAsync(ct)).Payload, Has.Length.EqualTo(2));
        Assert.That(() => log.Lines, Has.Some.Contains("A publication of Control").After(10_000, 10));
        Assert.That(faulty.Health, Is.EqualTo(BrokerHealth.Healthy));
    }

    [Test, CancelAfter(120_000)]
    public async Task What_is_no_Redis_that_can_be_used_is_named(CancellationToken ct)
    {
        TestRedis redis = await StartRedisAsync();
        string configuration = Path.GetTempFileName();
        await File.WriteAllTextAsync(configuration, $"sentinel monitor it 127.0.0.1 {redis.Port} 1\n", ct);
        TestRedis sentinel = await TestRedis.StartSentinelAsync(configuration);
        _made.Add(sentinel);
        RecordingLog<RedisBroker> log = new(), tls = new();

        await StartAsync(new ClusterOptions { Redis = sentinel.Address }, log, ct);
        await StartAsync(new ClusterOptions { Redis = redis.Address, RedisTls = true }, tls, ct);

        Assert.That(log.Lines.Single(), Does.Contain("a Sentinel"));
        Assert.That(tls.Lines.Single(), Does.Contain("TLS"));
        File.Delete(configuration);
    }

    private async Task<TestRedis> StartRedisAsync(params string[] arguments)
    {
        TestRedis redis = await TestRedis.StartAsync(arguments);
        _made.Add(redis);
        return redis;
    }

    private Task<(RedisBroker Broker, RecordingReceiver Heard)> StartAsync(TestRedis redis, CancellationToken ct) =>
        StartAsync(new ClusterOptions { Redis = redis.Address }, null, ct);

    private async Task<(RedisBroker Broker, RecordingReceiver Heard)> StartAsync(
        ClusterOptions options, RecordingLog<RedisBroker>? log, CancellationToken ct, long tag = RedisFixture.Tag)
    {
        RedisBroker broker = RedisFixture.CreateBroker(options, log, tag);
        _made.Add(broker);
        RecordingReceiver receiver = new();
        foreach (BrokerTopic topic in Enum.GetValues<BrokerTopic>()) broker.Attach(topic, receiver);
        await broker.StartAsync(ct);
        return (broker, receiver);
    }

    private sealed class ThrowingReceiver : IBrokerReceiver
    {
        public void OnPublication(BrokerChannel channel, ReadOnlyMemory<byte> payload) => throw new InvalidDataException("on purpose");

        public void OnHealthChanged(BrokerHealth health) => throw new InvalidDataException("on purpose");
    }
}

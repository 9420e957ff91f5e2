using System.Buffers.Binary;
using Chat.Domain.Cluster;
using Chat.Domain.Presence;
using Chat.Server.Cluster;
using Chat.TestKit;

namespace Chat.Server.Tests.Cluster;

/// <summary>The broker and the presence lists on a Redis Cluster of three, which spreads channels and keys.</summary>
[TestFixture]
[Category("redis"), Category("slow")]
internal sealed class RedisClusterTests
{
    private const int Slots = 16384;

    private readonly List<(TestRedis Redis, int BusPort)> _servers = [];

    [OneTimeSetUp]
    public async Task StartClusterAsync()
    {
        RedisFixture.Require();
        for (int i = 0; i < 3; i++)
        {
            int busPort = FreePort.Next();
            TestRedis redis = await TestRedis.StartAsync(
                "--cluster-enabled", "yes", "--cluster-port", $"{busPort}", "--cluster-node-timeout", "2000");
            _servers.Add((redis, busPort));
            await redis.CommandAsync("CLUSTER", "ADDSLOTSRANGE", Slots * i / 3, Slots * (i + 1) / 3 - 1);
        }

        foreach ((TestRedis redis, int busPort) in _servers.Skip(1))
            await _servers[0].Redis.CommandAsync("CLUSTER", "MEET", "127.0.0.1", redis.Port, busPort);
    }

    /// <summary>At first, and when a test before this one has killed a server: the others take a moment to believe that it is back.</summary>
    [SetUp]
    public async Task WaitForClusterAsync()
    {
        foreach ((TestRedis redis, _) in _servers)
        {
            while (await redis.CommandAsync("CLUSTER", "INFO") != "cluster_state:ok")
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    [OneTimeTearDown]
    public async Task EndClusterAsync()
    {
        foreach ((TestRedis redis, _) in _servers) await redis.DisposeAsync();
    }

    [Test, CancelAfter(120_000)]
    public async Task Every_publication_is_heard_whichever_server_carries_it(CancellationToken ct)
    {
        const int Each = 20;
        ClusterOptions options = new() { Redis = string.Join(',', _servers.Select(server => server.Redis.Address)) };
        await using RedisBroker one = RedisFixture.CreateBroker(options), two = RedisFixture.CreateBroker(options);
        RecordingReceiver heard = new();
        two.Attach(BrokerTopic.Chats, heard);
        await one.StartAsync(ct);
        await two.StartAsync(ct);
        Assert.That((one.Health, two.Health), Is.EqualTo((BrokerHealth.Healthy, BrokerHealth.Healthy)));

        for (int i = 0; i < Each * BrokerChannel.ChatBuckets; i++)
        {
            byte[] payload = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(payload, i);
            Assert.That(one.TryPublish(new BrokerChannel(BrokerTopic.Chats, (byte)i), payload), Is.True);
        }

        // The library may subscribe at two servers while it learns the slots, so that a publication may come twice; none is left out.
        Dictionary<BrokerChannel, SortedSet<int>> byChannel = [];
        for (int known = 0; known < Each * BrokerChannel.ChatBuckets;)
        {
            (BrokerChannel channel, byte[] payload) = await heard.NextAsync(ct);
            if (!byChannel.TryGetValue(channel, out SortedSet<int>? numbers)) byChannel.Add(channel, numbers = []);
            if (numbers.Add(BinaryPrimitives.ReadInt32LittleEndian(payload))) known++;
        }

        foreach ((BrokerChannel channel, SortedSet<int> numbers) in byChannel)
            Assert.That(numbers, Is.EqualTo(Enumerable.Range(0, Each).Select(n => (n * BrokerChannel.ChatBuckets) + channel.Bucket)));
    }

    [Test, CancelAfter(120_000)]
    public async Task The_lists_of_who_is_online_need_no_keys_that_belong_together(CancellationToken ct)
    {
        ClusterOptions options = new() { Redis = _servers[0].Redis.Address };
        await using RedisBroker broker = RedisFixture.CreateBroker(options);
        await broker.StartAsync(ct);
        RedisPresenceLeases leases = new(broker, RedisFixture.PrefixOf(options));
        NodeIdentity[] nodes = [.. Enumerable.Range(0, 12).Select(i => NodeIdentity.Create($"node-{i}"))];

        foreach (NodeIdentity node in nodes) await leases.ReplaceAsync(node, [node.Incarnation], PresenceLeasesContract.Long, ct);
        foreach (NodeIdentity node in nodes) Assert.That(await leases.ChangeAsync(node, [1], [], PresenceLeasesContract.Long, ct), Is.True);

        Assert.That(await leases.ReadNodesAsync([], ct), Is.EquivalentTo(nodes));
        foreach (NodeIdentity node in nodes) Assert.That(await leases.ReadAsync(node, ct), Is.EquivalentTo(new[] { 1, node.Incarnation }));
    }

    [Test, CancelAfter(120_000)]
    public async Task A_server_that_dies_degrades_the_node_until_it_is_back(CancellationToken ct)
    {
        ClusterOptions options = new() { Redis = string.Join(',', _servers.Select(server => server.Redis.Address)) };
        await using RedisBroker broker = RedisFixture.CreateBroker(options);
        RecordingReceiver heard = new();
        broker.Attach(BrokerTopic.Chats, heard);
        await broker.StartAsync(ct);
        Assert.That(await heard.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Healthy));

        await _servers[2].Redis.KillAsync();
        Assert.That(await heard.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Degraded));

        await _servers[2].Redis.RestartAsync();
        Assert.That(await heard.NextHealthAsync(ct), Is.EqualTo(BrokerHealth.Healthy));
    }
}

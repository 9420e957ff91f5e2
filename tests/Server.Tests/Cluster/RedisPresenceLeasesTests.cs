using Chat.Domain.Cluster;
using Chat.Domain.Presence;
using Chat.Server.Cluster;
using Chat.TestKit;

namespace Chat.Server.Tests.Cluster;

[Category("redis"), Parallelizable, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RedisPresenceLeasesTests : PresenceLeasesContract
{
    private TestRedis _redis = null!;
    private RedisBroker _broker = null!;
    private RedisPresenceLeases _leases = null!;

    protected override IPresenceLeases Leases => _leases;

    [SetUp]
    public async Task StartAsync()
    {
        RedisFixture.Require();
        _redis = await TestRedis.StartAsync();
        ClusterOptions options = new() { Redis = $"redis://{_redis.Address}/5", KeyPrefix = "it:" };
        _broker = RedisFixture.CreateBroker(options);
        _leases = new RedisPresenceLeases(_broker, RedisFixture.PrefixOf(options));
        await _broker.StartAsync(CancellationToken.None);
    }

    [TearDown]
    public async Task EndAsync()
    {
        await _broker.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_no_list_of_ours_is_passed_over(CancellationToken ct)
    {
        NodeIdentity node = NodeIdentity.Create("one");
        await Leases.ReplaceAsync(node, [1], Long, ct);
        string list = $"it:da7a:presence:list:one:{node.Incarnation}";
        await CommandAsync("SADD", "it:da7a:presence:nodes", "nonsense", "a:b", "a:1:2", "");
        await CommandAsync("SADD", list, "x", "-4", "1.5");

        Assert.That(await Leases.ReadAsync(node, ct), Is.EqualTo(new[] { 1L }));
        Assert.That(await Leases.ReadNodesAsync([], ct), Is.EqualTo(new[] { node }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Every_call_fails_within_seconds_when_Redis_is_away_or_stalls(CancellationToken ct)
    {
        NodeIdentity node = NodeIdentity.Create("one");
        _redis.Stop();
        Assert.That(async () => await Leases.ReadAsync(node, ct), Throws.TypeOf<PresenceLeasesException>());
        _redis.Continue();

        await _redis.KillAsync();
        Assert.That(() => _broker.Health == BrokerHealth.Degraded, Is.True.After(10_000, 10));
        Assert.That(async () => await Leases.ReadNodesAsync([], ct), Throws.TypeOf<PresenceLeasesException>());
        Assert.That(async () => await Leases.ReplaceAsync(node, [1], Long, ct), Throws.TypeOf<PresenceLeasesException>());
    }

    [Test, CancelAfter(60_000)]
    public async Task A_key_of_another_kind_is_a_failure_and_not_a_crash(CancellationToken ct)
    {
        await CommandAsync("SET", "it:da7a:presence:nodes", "a text");

        Assert.That(
            async () => await Leases.ReadNodesAsync([], ct), Throws.TypeOf<PresenceLeasesException>().With.Message.Contains("WRONGTYPE"));
    }

    protected override async Task LetEndAsync(NodeIdentity node, CancellationToken ct)
    {
        await Leases.RenewAsync(node, TimeSpan.FromMilliseconds(1), ct);
        while (await Leases.ReadAsync(node, ct) is not null) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
    }

    /// <summary>In the database of the leases: a connection of its own begins in the first.</summary>
    private async Task CommandAsync(string command, params object[] parts)
    {
        await _broker.Keys!.ExecuteAsync(command, parts);
    }
}

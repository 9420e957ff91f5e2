using Chat.Domain.Cluster;
using Chat.Server.Cluster;
using Chat.TestKit;

namespace Chat.Server.Tests.Cluster;

[Category("redis"), Parallelizable, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RedisBrokerTests : BrokerContract
{
    private TestRedis _redis = null!;

    [SetUp]
    public async Task StartRedisAsync()
    {
        RedisFixture.Require();
        _redis = await TestRedis.StartAsync();
    }

    [TearDown]
    public async Task EndRedisAsync() => await _redis.DisposeAsync();

    protected override IBroker CreateBroker() => RedisFixture.CreateBroker(new ClusterOptions { Redis = _redis.Address });

    protected override Task BreakAsync() => _redis.KillAsync();

    protected override Task MendAsync() => _redis.RestartAsync();
}

using Chat.Domain.Cluster;
using Chat.Server.Cluster;
using Chat.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Server.Tests.Cluster;

/// <summary>Makes nodes on a Redis, as the settings would.</summary>
internal static class RedisFixture
{
    /// <summary>Fails, or skips where services are not required, when there is no redis-server.</summary>
    public static void Require()
    {
        if (TestRedis.Missing is not { } missing) return;
        if (TestRedis.IsRequired) Assert.Fail(missing);
        Assert.Ignore(missing);
    }

    public static RedisAddress Read(ClusterOptions options)
    {
        List<string> faults = [];
        RedisAddress? address = RedisAddress.Read(options, faults);
        Assert.That(faults, Is.Empty);
        return address!;
    }

    public static RedisBroker CreateBroker(ClusterOptions options, ILogger<RedisBroker>? log = null) =>
        new(Read(options), options.KeyPrefix, NodeIdentity.Create(""), TimeProvider.System, log ?? NullLogger<RedisBroker>.Instance);
}

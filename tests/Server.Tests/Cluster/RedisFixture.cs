using Chat.Domain.Cluster;
using Chat.Server.Cluster;
using Chat.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Server.Tests.Cluster;

/// <summary>Makes nodes on a Redis, as the settings would.</summary>
internal static class RedisFixture
{
    /// <summary>Tag of the database that the nodes of a test have in common.</summary>
    public const long Tag = 0xda7a;

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

    public static RedisBroker CreateBroker(ClusterOptions options, ILogger<RedisBroker>? log = null, long tag = Tag) =>
        new(
            Read(options), PrefixOf(options, tag), NodeIdentity.Create(""), TimeProvider.System, log ?? NullLogger<RedisBroker>.Instance);

    public static ClusterPrefix PrefixOf(ClusterOptions options, long tag = Tag)
    {
        ClusterPrefix prefix = new(options);
        prefix.Use(tag);
        return prefix;
    }
}

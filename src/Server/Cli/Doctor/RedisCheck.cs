using System.Diagnostics;
using System.Globalization;
using Chat.Domain.Cluster;
using Chat.Server.Cluster;
using StackExchange.Redis;

namespace Chat.Server.Cli.Doctor;

/// <summary>Does with a configured Redis what a node does: connects, hears itself on every channel, and writes a key.</summary>
internal static class RedisCheck
{
    private const string Name = "redis";

    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Null when no Redis is configured.</summary>
    public static async Task<Finding?> RunAsync(ClusterOptions options, CancellationToken ct)
    {
        if (RedisAddress.Read(options, []) is not { } address) return null;

        NodeIdentity doctor = NodeIdentity.Create("doctor");
        try
        {
            RedisChannels channels = new($"{options.KeyPrefix}doctor:", doctor.Incarnation); // what nodes say is not its business
            await using RedisLink link = await RedisLink.OpenAsync(
                address, "chat-doctor", channels, doctor.Incarnation, TimeProvider.System, ct);
            long start = Stopwatch.GetTimestamp();
            await link.SubscribeAsync(static (_, _) => { }, ct);
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            string key = string.Create(CultureInfo.InvariantCulture, $"{options.KeyPrefix}doctor:{doctor.Incarnation:x}");
            await link.Keys.StringSetAsync(key, "1", TimeSpan.FromSeconds(10)).WaitAsync(WriteTimeout, ct);
            string heard = $"all {RedisChannels.Count} channels pass on what is published, within {took.TotalMilliseconds:0} ms";
            return new(Name, Verdict.Good, $"{address.Shown}: {link.Description}; {heard}");
        }
        catch (RedisLinkException fault)
        {
            const string Remedy = "Nodes start without it: messages of other nodes come up to 2 s later, and presence is that of one node.";
            return new(Name, Verdict.Fault, $"{address.Shown} cannot be used: {fault.Message}", Remedy);
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException)
        {
            const string Remedy = "Check Cluster:RedisDatabase, and that it is not a replica and not full.";
            return new(Name, Verdict.Fault, $"{address.Shown} lets this node in but takes no key: {fault.Message}", Remedy);
        }
    }
}

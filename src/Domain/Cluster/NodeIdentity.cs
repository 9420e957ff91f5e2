using System.Security.Cryptography;

namespace Chat.Domain.Cluster;

/// <summary>Which server process this is.</summary>
/// <param name="Id">Name of the node, unique among those that run: configured, or made at each start.</param>
/// <param name="Incarnation">Random and positive, new at each start: tells a node that was restarted from the one before it.</param>
public sealed record NodeIdentity(string Id, long Incarnation)
{
    /// <param name="configuredId">The setting, or empty for a random name.</param>
    public static NodeIdentity Create(string configuredId)
    {
        long incarnation = RandomNumberGenerator.GetInt32(1, int.MaxValue) * (1L << 31) + RandomNumberGenerator.GetInt32(int.MaxValue);
        return new NodeIdentity(configuredId.Length > 0 ? configuredId : $"node-{incarnation & 0xffffffff:x8}", incarnation);
    }
}

using Chat.AdminApi.Health;
using Chat.Domain.Cluster;

namespace Chat.Server.Cluster;

/// <summary>
/// Tells whoever asks for readiness that Redis is away. No reason for a balancer to turn: all nodes share it, and messages pass without it.
/// </summary>
internal sealed class RedisRemark(RedisBroker broker) : IReadyRemark
{
    public string Name => "redis";

    public string? FindRemark() =>
        broker.Health == BrokerHealth.Healthy ? null : "does not answer: messages of other nodes come up to 2 s later";
}

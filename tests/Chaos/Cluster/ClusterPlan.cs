using Chat.Chaos.Proxy;

namespace Chat.Chaos.Cluster;

/// <summary>Which processes a row needs, and which proxies between them.</summary>
internal sealed record ClusterPlan
{
    public int Nodes { get; init; } = 1;

    /// <summary>Redis for a single node too. Default false: it has nobody to talk to.</summary>
    public bool AlwaysRedis { get; init; }

    /// <summary>Each node in a network namespace of its own (<see cref="NodeNetwork"/>). Default false.</summary>
    public bool OwnNetworks { get; init; }

    public PostgresPlan Postgres { get; init; } = new();

    /// <summary>A proxy before each node that clients connect through. Default false.</summary>
    public bool ProxyClients { get; init; }

    /// <summary>A proxy between each node and PostgreSQL. Default false.</summary>
    public bool ProxyPostgres { get; init; }

    /// <summary>A proxy between each node and Redis. Default false.</summary>
    public bool ProxyRedis { get; init; }

    /// <summary>Filters of the proxies to PostgreSQL.</summary>
    public Func<FlowFilters>? PostgresFilters { get; init; }

    /// <summary>Filters of the proxies to Redis.</summary>
    public Func<FlowFilters>? RedisFilters { get; init; }

    /// <summary>Changes what node number n (from 0) is started with.</summary>
    public Func<int, NodePlan, NodePlan> Node { get; init; } = (_, plan) => plan;
}

using System.Globalization;
using System.Net;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

using Chat.Chaos.Proxy;
using Chat.Load.Processes;

namespace Chat.Chaos.Cluster;

/// <summary>
/// PostgreSQL, Redis where there is more than one node, the nodes, and the proxies between them: all private to one row, all on loopback or
/// in namespaces of the row's own, all ended when it is disposed. Not thread-safe.
/// </summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private const int SigningKeyBytes = 48;

    private readonly ClusterPlan _plan;
    private readonly string _folder;
    private readonly IReadOnlyList<NodeNetwork> _networks;
    private readonly List<ServerNode> _nodes = [];
    private readonly List<TcpChaosProxy> _toPostgres = [];
    private readonly List<TcpChaosProxy> _toRedis = [];
    private readonly List<TcpChaosProxy> _toNodes = [];
    private readonly byte[] _signingKey = RandomNumberGenerator.GetBytes(SigningKeyBytes);

    private ChaosCluster(ClusterPlan plan, string folder, IReadOnlyList<NodeNetwork> networks, PostgresServer postgres, RedisServer? redis)
    {
        (_plan, _folder, _networks, Postgres, Redis) = (plan, folder, networks, postgres, redis);
    }

    public PostgresServer Postgres { get; }

    /// <summary>Null for a node that is alone.</summary>
    public RedisServer? Redis { get; }

    public IReadOnlyList<ServerNode> Nodes => _nodes;

    /// <summary>The proxy between node n and PostgreSQL; empty without.</summary>
    public IReadOnlyList<TcpChaosProxy> ToPostgres => _toPostgres;

    /// <summary>The proxy between node n and Redis; empty without.</summary>
    public IReadOnlyList<TcpChaosProxy> ToRedis => _toRedis;

    /// <summary>The proxy between clients and node n; empty without.</summary>
    public IReadOnlyList<TcpChaosProxy> ToNodes => _toNodes;

    /// <summary>The namespace of node n; empty without.</summary>
    public IReadOnlyList<NodeNetwork> Networks => _networks;

    public byte[] SigningKey => _signingKey;

    /// <summary>Where clients connect: the nodes, or the proxies before them.</summary>
    public IReadOnlyList<Uri> Urls => _toNodes.Count == 0
        ? [.. _nodes.Select(node => node.Url)]
        : [.. _toNodes.Select(proxy => new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{proxy.Port}")))];

    /// <param name="folder">For data and logs.</param>
    /// <exception cref="IOException">Something did not start; nothing is left running.</exception>
    public static async Task<ChaosCluster> StartAsync(ClusterPlan plan, string folder, CancellationToken ct)
    {
        List<NodeNetwork> networks = [];
        PostgresServer? postgres = null;
        RedisServer? redis = null;
        ChaosCluster? cluster = null;
        try
        {
            for (int i = 0; plan.OwnNetworks && i < plan.Nodes; i++) networks.Add(await NodeNetwork.CreateAsync(i, ct));
            PostgresPlan database = plan.Postgres with { Listen = [.. networks.Select(network => (network.HostAddress, network.Network))] };
            postgres = await PostgresServer.StartAsync(Path.Combine(folder, "postgres"), database, ct);
            if (plan.Nodes > 1 || plan.AlwaysRedis)
                redis = await RedisServer.StartAsync(Path.Combine(folder, "redis"), networks.Select(network => network.HostAddress), ct);
            cluster = new ChaosCluster(plan, folder, networks, postgres, redis);
            await cluster.StartNodesAsync(ct);
            return cluster;
        }
        catch
        {
            if (cluster is not null) await cluster.DisposeAsync();
            else await EndAsync(networks, postgres, redis);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        foreach (TcpChaosProxy proxy in (IEnumerable<TcpChaosProxy>)[.. _toNodes, .. _toPostgres, .. _toRedis]) await proxy.DisposeAsync();
        await EndAsync(_networks, Postgres, Redis);
    }

    private static async Task EndAsync(IEnumerable<NodeNetwork> networks, PostgresServer? postgres, RedisServer? redis)
    {
        if (redis is not null) await redis.DisposeAsync();
        if (postgres is not null) await postgres.DisposeAsync();
        foreach (NodeNetwork network in networks) await network.DisposeAsync();
    }

    private async Task StartNodesAsync(CancellationToken ct)
    {
        var starting = new List<Task<ServerNode>>();
        for (int i = 0; i < _plan.Nodes; i++)
        {
            int number = i;
            NodePlan plan = PlanFor(number);
            starting.Add(Task.Run(() => ServerNode.StartAsync(_plan.Node(number, plan), ct), ct));
        }

        // All of them, also those that started beside one that did not: they are to be ended.
        Exception? fault = null;
        foreach (Task<ServerNode> start in starting)
        {
            try
            {
                _nodes.Add(await start);
            }
            catch (Exception failed) when (failed is IOException or OperationCanceledException)
            {
                fault ??= failed;
            }
        }

        if (fault is not null) ExceptionDispatchInfo.Throw(fault);
        if (_plan.ProxyClients) _toNodes.AddRange(_nodes.Select(node => new TcpChaosProxy(node.EndPoint)));
    }

    private NodePlan PlanFor(int number)
    {
        NodeNetwork? network = _networks.Count > 0 ? _networks[number] : null;
        string host = network?.HostAddress ?? "127.0.0.1";
        int postgresPort = Postgres.Port, redisPort = Redis?.Port ?? 0;
        IPAddress listen = IPAddress.Parse(host);
        if (_plan.ProxyPostgres)
        {
            _toPostgres.Add(new TcpChaosProxy(new IPEndPoint(IPAddress.Loopback, postgresPort), _plan.PostgresFilters, listen));
            postgresPort = _toPostgres[number].Port;
        }

        if (_plan.ProxyRedis && Redis is not null)
        {
            _toRedis.Add(new TcpChaosProxy(new IPEndPoint(IPAddress.Loopback, redisPort), _plan.RedisFilters, listen));
            redisPort = _toRedis[number].Port;
        }

        return new NodePlan
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"node-{number + 1}"),
            Folder = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"node-{number + 1}")),
            Program = Repository.ServerProgram,
            ConnectionString = PostgresServer.ConnectionStringFor(host, postgresPort),
            Redis = Redis is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{host}:{redisPort}"),
            SigningKey = Convert.ToBase64String(_signingKey),
            Address = network?.NodeAddress ?? "127.0.0.1",
            Prefix = network?.Prefix ?? [],
            Settings = NodeSettings.ForChaos,
        };
    }
}

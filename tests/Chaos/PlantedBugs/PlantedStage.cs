using System.Globalization;
using System.Security.Cryptography;

using Chat.Chaos.Cluster;
using Chat.Chaos.Proxy;
using Chat.Load.Processes;

using Npgsql;

namespace Chat.Chaos.PlantedBugs;

/// <summary>One PostgreSQL and one Redis for all bugs; each run has a database and a key prefix of its own. Thread-safe.</summary>
internal sealed class PlantedStage : IAsyncDisposable
{
    private readonly string _folder;
    private readonly PostgresServer _postgres;
    private readonly RedisServer _redis;
    private readonly string _signingKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));
    private int _runs;

    private PlantedStage(string folder, PostgresServer postgres, RedisServer redis) =>
        (_folder, _postgres, _redis) = (folder, postgres, redis);

    /// <summary>The server that was built with the bugs in it.</summary>
    public static string Program => Path.Combine(Repository.Root, ".planted/bin/Server/Release/net10.0/Chat.Server.dll");

    public static async Task<PlantedStage> StartAsync(string folder, CancellationToken ct)
    {
        PostgresServer postgres = await PostgresServer.StartAsync(Path.Combine(folder, "postgres"), new PostgresPlan(), ct);
        try
        {
            return new PlantedStage(folder, postgres, await RedisServer.StartAsync(Path.Combine(folder, "redis"), [], ct));
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the nodes of one run on an empty database.</summary>
    public async Task<PlantedNodes> StartNodesAsync(PlantedCase bug, int seed, CancellationToken ct)
    {
        string run = string.Create(CultureInfo.InvariantCulture, $"run{Interlocked.Increment(ref _runs)}");
        await _postgres.ExecuteAsync("postgres", $"create database {run}", ct);
        string connectionString = new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = run }.ConnectionString;
        PlantedNodes nodes = new(connectionString, new RedisLoss(percent: 60, seed), bug.SlowReplies);
        try
        {
            await Task.WhenAll(
                Enumerable.Range(1, bug.Nodes)
                    .Select(number => nodes.StartAsync(PlanFor(bug, run, number, connectionString), _redis.Port, ct)));
            if (bug.Sql is not null) await _postgres.ExecuteAsync(run, bug.Sql, ct);
            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    private NodePlan PlanFor(PlantedCase bug, string run, int number, string connectionString) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"{run}-{number}"),
        Folder = Path.Combine(_folder, run, number.ToString(CultureInfo.InvariantCulture)),
        Program = Program,
        ConnectionString = connectionString,
        Redis = bug.Nodes > 1 ? "127.0.0.1" : "",
        SigningKey = _signingKey,
        Settings = new Dictionary<string, string>(NodeSettings.ForChaos) { ["Cluster:KeyPrefix"] = run + ":" },
        // A run lasts for seconds, most of which would go into code that is compiled well.
        Environment = new Dictionary<string, string?> { ["CHAT_PLANTED_BUG"] = bug.Bug, ["DOTNET_TC_QuickJit"] = "1" },
    };
}

/// <summary>
/// The nodes of one run, each with a proxy of its own to Redis, and one before its clients where replies are to be late. Not thread-safe but
/// for the starts.
/// </summary>
internal sealed class PlantedNodes(string connectionString, RedisLoss loss, TimeSpan slowReplies) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<ServerNode> _nodes = [];
    private readonly List<TcpChaosProxy> _proxies = [];
    private readonly List<Uri> _clientUrls = [];

    public string ConnectionString => connectionString;

    public RedisLoss Loss => loss;

    public IReadOnlyList<ServerNode> Nodes => _nodes;

    /// <summary>What clients connect to.</summary>
    public IReadOnlyList<Uri> ClientUrls => _clientUrls;

    public async Task StartAsync(NodePlan plan, int redisPort, CancellationToken ct)
    {
        if (plan.Redis.Length > 0)
        {
            TcpChaosProxy proxy = new(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, redisPort), loss.Filters);
            lock (_gate) _proxies.Add(proxy);
            plan = plan with { Redis = string.Create(CultureInfo.InvariantCulture, $"{plan.Redis}:{proxy.Port}") };
        }

        ServerNode node = await ServerNode.StartAsync(plan, ct);
        lock (_gate)
        {
            _nodes.Add(node);
            _clientUrls.Add(slowReplies == TimeSpan.Zero ? node.Url : SlowDown(node));
        }
    }

    /// <summary>kill -9, and what it had not yet delivered is lost with it.</summary>
    public async Task KillAsync(ServerNode node)
    {
        await node.KillAsync();
        foreach (TcpChaosProxy proxy in _proxies.Where(proxy => node.EndPoint.Equals(proxy.Target))) proxy.ResetAll();
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        foreach (TcpChaosProxy proxy in _proxies) await proxy.DisposeAsync();
    }

    private Uri SlowDown(ServerNode node)
    {
        TcpChaosProxy proxy = new(node.EndPoint) { ToClient = LinkConditions.Good with { Delay = slowReplies } };
        _proxies.Add(proxy);
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{proxy.Port}"));
    }
}

using System.Net;
using System.Security.Cryptography;
using Chat.Server.Cluster;
using Chat.Server.Hosting;

namespace Chat.Server.Cli.NodeGroup;

/// <summary>Which ports the group takes and what each node is told.</summary>
/// <param name="NodePorts">The port of each node, in their order.</param>
/// <param name="RedisSocket">Null when a Redis is configured.</param>
internal sealed record NodeGroupPlan(Settings Settings, int BalancerPort, IReadOnlyList<int> NodePorts, string? RedisSocket)
{
    private const int FirstPort = 20_000, EndPort = 32_768, MaxTries = 200;

    /// <summary>A node that ends by itself is started again.</summary>
    public bool RestartsNodes { get; init; } = true;

    /// <summary>
    /// The address that the balancer connects from: another than everybody else's here, so that a node may be asked without it too.
    /// </summary>
    public const string BalancerSource = "127.0.1.1";

    /// <summary>Nodes take the ports behind the balancer's, so that a person finds them; with port 0 everything takes free ones.</summary>
    public static NodeGroupPlan Make(Settings settings, int nodes)
    {
        HashSet<int> taken = [];
        int balancer = settings.Server.Port == 0 ? FreePort(taken) : settings.Server.Port;
        int[] ports = [.. Enumerable.Range(1, nodes).Select(number => settings.Server.Port == 0 ? FreePort(taken) : balancer + number)];
        string? redis = settings.Cluster.Redis.Length > 0 ? null : PrivateRedis.MakeSocketPath(settings.Server.DataDirectory);
        return new NodeGroupPlan(settings, balancer, ports, redis);
    }

    public string BalancerUrl => $"http://127.0.0.1:{BalancerPort}";

    public string NodeUrl(int index) => $"http://127.0.0.1:{NodePorts[index]}";

    public static string NodeName(int index) => $"node-{index + 1}";

    public string NodeDirectory(int index) => Path.Combine(Path.GetFullPath(Settings.Server.DataDirectory), "nodes", NodeName(index));

    /// <summary>
    /// Settings by which a node differs from what this process was started with; the rest it reads from the same sources.
    /// </summary>
    public IReadOnlyDictionary<string, string> NodeEnvironment(int index, string connectionString)
    {
        Dictionary<string, string> environment = new(StringComparer.OrdinalIgnoreCase)
        {
            ["CHAT__Server__Host"] = "127.0.0.1",
            ["CHAT__Server__Port"] = $"{NodePorts[index]}",
            ["CHAT__Server__DataDirectory"] = NodeDirectory(index),
            ["CHAT__Server__TrustedProxies__0"] = BalancerSource,
            ["CHAT__Database__ConnectionString"] = connectionString,
            ["CHAT__Tokens__SigningKey"] = Convert.ToBase64String(Settings.Tokens.SigningKey),
            ["CHAT__Cluster__NodeId"] = NodeName(index),
        };
        if (Settings.Blobs.Directory.Length == 0) // all nodes read the same files
            environment["CHAT__Blobs__Directory"] = Path.Combine(Path.GetFullPath(Settings.Server.DataDirectory), "media");
        if (Settings.Server.MetricsAddress.Length > 0) environment["CHAT__Server__MetricsAddress"] = MetricsAddress(index);
        if (RedisSocket is { } socket)
        {
            environment["CHAT__Cluster__Redis"] = RedisAddress.SocketScheme + socket;
            environment["CHAT__Cluster__RedisPassword"] = ""; // those are for another Redis
            environment["CHAT__Cluster__RedisTls"] = "false";
            environment["CHAT__Cluster__RedisDatabase"] = "0";
        }

        return environment;
    }

    /// <summary>The name of a setting, such as <c>Server:Port</c>, in <see cref="NodeEnvironment"/>.</summary>
    public static string EnvironmentName(string setting) => "CHAT__" + setting.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>The first node takes the address that is configured, the others the ports behind it; port 0 stays 0.</summary>
    private string MetricsAddress(int index)
    {
        IPEndPoint first = IPEndPoint.Parse(Settings.Server.MetricsAddress);
        return new IPEndPoint(first.Address, first.Port == 0 ? 0 : first.Port + index).ToString();
    }

    /// <summary>
    /// A port that nobody has, and none of those that the system gives to connections (from 32,768 on, or higher): such a one may be a connection's
    /// by the time at which its process listens.
    /// </summary>
    /// <param name="taken">Those that the group has already; the new one joins them.</param>
    private static int FreePort(HashSet<int> taken)
    {
        for (int tries = 0; tries < MaxTries; tries++)
        {
            int port = RandomNumberGenerator.GetInt32(FirstPort, EndPort);
            if (!taken.Contains(port) && PortProbe.FindFault(new IPEndPoint(IPAddress.Loopback, port)) is null && taken.Add(port)) return port;
        }

        throw new NodeGroupException($"No free port was found from {FirstPort} to {EndPort - 1}: give one with --port.");
    }
}

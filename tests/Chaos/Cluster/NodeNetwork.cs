using System.Globalization;

using Chat.Storage.Managed;

namespace Chat.Chaos.Cluster;

/// <summary>Which peer of a node a rule is about.</summary>
internal enum Peer : byte
{
    Postgres,
    Redis,
    Clients,
}

/// <summary>
/// A network namespace for one node, joined to ours by a pair of virtual interfaces, in which packets can be dropped and refused by the
/// kernel: what a proxy cannot do. Needs root and CAP_NET_ADMIN. Rules live in the namespace and go with it. Not thread-safe.
/// </summary>
internal sealed class NodeNetwork : IAsyncDisposable
{
    private const int MaxNodes = 15; // the second byte of the address holds the node's number

    private readonly string _name;
    private readonly string _hostInterface;

    private NodeNetwork(string name, string hostInterface, string subnet)
    {
        (_name, _hostInterface) = (name, hostInterface);
        (HostAddress, NodeAddress, Network) = ($"{subnet}.1", $"{subnet}.2", $"{subnet}.0/24");
    }

    /// <summary>Of our end; PostgreSQL and Redis listen there.</summary>
    public string HostAddress { get; }

    /// <summary>Of the node.</summary>
    public string NodeAddress { get; }

    public string Network { get; }

    /// <summary>In front of the node's command.</summary>
    public IReadOnlyList<string> Prefix => ["ip", "netns", "exec", _name];

    /// <summary>Why there are none here, or null when there are.</summary>
    public static async Task<string?> FindObstacleAsync(CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess) return "network namespaces need root";
        foreach (string program in (string[])["ip", "nft"])
            if (!SearchPath.Has(program)) return $"'{program}' is not installed";
        try
        {
            await using NodeNetwork trial = await CreateAsync(MaxNodes, ct);
            return null;
        }
        catch (IOException refused)
        {
            return refused.Message;
        }
    }

    /// <param name="number">Of the node, 0 to 14; different for networks that live at the same time.</param>
    /// <exception cref="IOException">The kernel refused; what it said is in the message.</exception>
    public static async Task<NodeNetwork> CreateAsync(int number, CancellationToken ct)
    {
        // Several runs at once must not meet: names and addresses follow from our process id.
        string name = string.Create(CultureInfo.InvariantCulture, $"chaos-{Environment.ProcessId}-{number}");
        string host = string.Create(CultureInfo.InvariantCulture, $"cz{Environment.ProcessId}h{number}");
        string subnet = string.Create(
            CultureInfo.InvariantCulture, $"10.{128 + (number * 8) + (Environment.ProcessId / 256 % 8)}.{Environment.ProcessId % 256}");
        var network = new NodeNetwork(name, host, subnet);
        try
        {
            await RunAsync(["ip", "netns", "add", name], ct);
            await RunAsync(["ip", "link", "add", host, "type", "veth", "peer", "name", "eth0", "netns", name], ct);
            await RunAsync(["ip", "addr", "add", $"{network.HostAddress}/24", "dev", host], ct);
            await RunAsync(["ip", "link", "set", host, "up"], ct);
            await network.InsideAsync(ct, "ip", "link", "set", "lo", "up");
            await network.InsideAsync(ct, "ip", "addr", "add", $"{network.NodeAddress}/24", "dev", "eth0");
            await network.InsideAsync(ct, "ip", "link", "set", "eth0", "up");
            await network.InsideAsync(
                ct, "nft",
                "add table ip chaos; add chain ip chaos in { type filter hook input priority 0; }; add chain ip chaos out { type filter "
                    + "hook output priority 0; }");
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Packets from that peer to the node vanish.</summary>
    public Task DropFromAsync(Peer peer, int port, CancellationToken ct) => AddRuleAsync($"in {From(peer, port)} drop", ct);

    /// <summary>Packets from the node to that peer vanish.</summary>
    public Task DropToAsync(Peer peer, int port, CancellationToken ct) => AddRuleAsync($"out {To(peer, port)} drop", ct);

    /// <summary>Every packet from clients to the node is answered with a reset.</summary>
    public Task ResetClientsAsync(int port, CancellationToken ct) => AddRuleAsync($"in tcp dport {port} reject with tcp reset", ct);

    /// <summary>That share of all packets vanishes, both ways.</summary>
    public async Task LoseAsync(int percent, CancellationToken ct)
    {
        await AddRuleAsync($"in numgen random mod 100 < {percent} drop", ct);
        await AddRuleAsync($"out numgen random mod 100 < {percent} drop", ct);
    }

    /// <summary>Takes all rules away.</summary>
    public Task HealAsync(CancellationToken ct) => InsideAsync(ct, "nft", "flush chain ip chaos in; flush chain ip chaos out");

    public async ValueTask DisposeAsync()
    {
        // The second interface goes with the first, and with its namespace.
        await ShellCommand.RunAsync(["ip", "link", "del", _hostInterface], CancellationToken.None);
        await ShellCommand.RunAsync(["ip", "netns", "del", _name], CancellationToken.None);
    }

    private static string From(Peer peer, int port) => peer == Peer.Clients ? $"tcp dport {port}" : $"tcp sport {port}";

    private static string To(Peer peer, int port) => peer == Peer.Clients ? $"tcp sport {port}" : $"tcp dport {port}";

    private Task AddRuleAsync(string rule, CancellationToken ct) => InsideAsync(ct, "nft", $"add rule ip chaos {rule}");

    private Task InsideAsync(CancellationToken ct, params string[] command) => RunAsync([.. Prefix, .. command], ct);

    private static async Task RunAsync(IReadOnlyList<string> command, CancellationToken ct)
    {
        ShellResult done = await ShellCommand.RunAsync(command, ct);
        if (!done.Succeeded) throw new IOException($"{string.Join(' ', command)}: {done.Output}");
    }
}

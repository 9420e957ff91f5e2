using System.Net;
using System.Text.Json;

using Npgsql;

namespace Chat.Load.Seed;

/// <summary>A node of the server under load.</summary>
internal sealed record LoadNode(Uri Url, int ProcessId);

/// <summary>The server under load, its database and its signing key.</summary>
internal sealed record LoadTarget(Uri Url, string ConnectionString, byte[] SigningKey, int? ProcessId)
{
    /// <summary>Of the server's managed PostgreSQL; null where it is another's.</summary>
    public int? PostgresProcessId { get; init; }

    /// <summary>The nodes behind the balancer that <see cref="Url"/> is; empty for a server that is alone.</summary>
    public IReadOnlyList<LoadNode> Nodes { get; init; } = [];

    /// <summary>Whose processor time and memory count.</summary>
    public IReadOnlyList<int> ProcessIds => Nodes.Count > 0 ? [.. Nodes.Select(node => node.ProcessId)] : ProcessId is { } id ? [id] : [];

    /// <summary>Where the sockets are, of each node; a name is resolved to IPv4.</summary>
    public async Task<IReadOnlyList<IPEndPoint>> EndPointsAsync(CancellationToken ct)
    {
        List<IPEndPoint> found = [];
        foreach (Uri url in Nodes.Count > 0 ? Nodes.Select(node => node.Url) : [Url]) found.Add(await ResolveAsync(url, ct));
        return found;
    }

    private static async Task<IPEndPoint> ResolveAsync(Uri url, CancellationToken ct)
    {
        if (IPAddress.TryParse(url.Host, out IPAddress? address)) return new IPEndPoint(address, url.Port);

        IPAddress[] found = await Dns.GetHostAddressesAsync(url.Host, System.Net.Sockets.AddressFamily.InterNetwork, ct);
        return new IPEndPoint(found[0], url.Port);
    }

    /// <summary>Reads what a running instance left in its data directory: its address, its key, its managed PostgreSQL.</summary>
    /// <exception cref="IOException">Nothing runs there.</exception>
    public static LoadTarget FromInstance(string directory)
    {
        LoadNode server = ReadInstance(directory);
        string nodes = Path.Combine(directory, "nodes");
        byte[] key = ReadKey(Path.Combine(directory, "keys", "token-signing.key"));

        // PostgreSQL says itself where it is: line 1 is its process, line 4 the port, line 5 the socket's folder.
        string pidFile = Directory.EnumerateFiles(directory, "postmaster.pid", SearchOption.AllDirectories).FirstOrDefault()
            ?? throw new FileNotFoundException($"No PostgreSQL runs below '{directory}': give --database.");
        string[] lines = File.ReadAllLines(pidFile);
        var database = new NpgsqlConnectionStringBuilder
        {
            Host = lines[4],
            Port = int.Parse(lines[3], System.Globalization.CultureInfo.InvariantCulture),
            Username = "chat",
            Database = "chat",
        };
        int postgres = int.Parse(lines[0], System.Globalization.CultureInfo.InvariantCulture);
        return new LoadTarget(server.Url, database.ConnectionString, key, server.ProcessId)
        {
            PostgresProcessId = postgres,
            Nodes = Directory.Exists(nodes) ? [.. Directory.GetDirectories(nodes).Order(StringComparer.Ordinal).Select(ReadInstance)] : [],
        };
    }

    private static LoadNode ReadInstance(string directory)
    {
        using JsonDocument instance = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "server.json")));
        return new LoadNode(
            new Uri(instance.RootElement.GetProperty("url").GetString()!), instance.RootElement.GetProperty("processId").GetInt32());
    }

    public static byte[] ReadKey(string path) => Convert.FromBase64String(File.ReadAllText(path).Trim());
}

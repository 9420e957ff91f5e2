using System.Net;
using System.Text.Json;

using Npgsql;

namespace Chat.Load.Seed;

/// <summary>The server under load, its database and its signing key.</summary>
internal sealed record LoadTarget(Uri Url, string ConnectionString, byte[] SigningKey, int? ProcessId)
{
    /// <summary>Of the server's managed PostgreSQL; null where it is another's.</summary>
    public int? PostgresProcessId { get; init; }

    /// <summary>Where its socket is; a name is resolved to IPv4.</summary>
    public async Task<IPEndPoint> EndPointAsync(CancellationToken ct)
    {
        if (IPAddress.TryParse(Url.Host, out IPAddress? address)) return new IPEndPoint(address, Url.Port);

        IPAddress[] found = await Dns.GetHostAddressesAsync(Url.Host, System.Net.Sockets.AddressFamily.InterNetwork, ct);
        return new IPEndPoint(found[0], Url.Port);
    }

    /// <summary>Reads what a running instance left in its data directory: its address, its key, its managed PostgreSQL.</summary>
    /// <exception cref="IOException">Nothing runs there.</exception>
    public static LoadTarget FromInstance(string directory)
    {
        using JsonDocument instance = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "server.json")));
        var url = new Uri(instance.RootElement.GetProperty("url").GetString()!);
        int? processId = instance.RootElement.TryGetProperty("processId", out JsonElement id) ? id.GetInt32() : null;
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
        return new LoadTarget(url, database.ConnectionString, key, processId) { PostgresProcessId = postgres };
    }

    public static byte[] ReadKey(string path) => Convert.FromBase64String(File.ReadAllText(path).Trim());
}

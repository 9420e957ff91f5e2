using System.Net;
using System.Net.Sockets;
using Chat.Server.Hosting;
using Chat.Storage;
using Chat.Storage.Managed;
using Npgsql;

namespace Chat.Server.Cli.Doctor;

/// <summary>The doctor's checks, in the order in which a start would meet what they look at.</summary>
internal static class Checks
{
    private const long LowDiskBytes = 10L << 30; // the alert level of R-532

    public static async Task<List<Finding>> RunAsync(IReadOnlyList<KeyValuePair<string, string?>> overrides, bool isDevelopment, CancellationToken ct)
    {
        List<Finding> findings = [];
        Settings? settings = ReadSettings(overrides, isDevelopment, findings);
        if (settings is null) return findings;

        findings.Add(Disk(settings));
        findings.Add(OpenFiles());
        findings.Add(Port(settings.Server));
        findings.Add(Page(settings.Server));
        findings.AddRange(await DatabaseAsync(settings, ct));
        if (await RedisCheck.RunAsync(settings.Cluster, ct) is { } redis) findings.Add(redis);
        return findings;
    }

    private static Settings? ReadSettings(IReadOnlyList<KeyValuePair<string, string?>> overrides, bool isDevelopment, List<Finding> findings)
    {
        try
        {
            Settings settings = SettingsReader.Read(SettingsReader.Sources(overrides), isDevelopment);
            findings.Add(new("settings", Verdict.Good, isDevelopment ? "can be used (development)" : "can be used"));
            return settings;
        }
        catch (SettingsException fault)
        {
            findings.AddRange(fault.Faults.Select(line => new Finding("settings", Verdict.Fault, line, "Mend the setting; ./chat config check reads them again.")));
            return null;
        }
    }

    private static Finding Disk(Settings settings)
    {
        string folder = Path.GetFullPath(settings.Server.DataDirectory);
        string? existing = folder;
        while (existing is not null && !Directory.Exists(existing)) existing = Path.GetDirectoryName(existing);
        long free = new DriveInfo(existing ?? "/").AvailableFreeSpace;
        string found = $"{free / (1 << 30)} GiB free at {folder}";
        return free >= LowDiskBytes
            ? new("disk", Verdict.Good, found)
            : new("disk", Verdict.Warning, found, "Messages are kept for good: give the data directory at least 10 GiB.");
    }

    private static Finding OpenFiles()
    {
        const string Limits = "/proc/self/limits";
        string? line = File.Exists(Limits) ? File.ReadLines(Limits).FirstOrDefault(text => text.StartsWith("Max open files", StringComparison.Ordinal)) : null;
        string[] parts = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (parts.Length < 4 || !long.TryParse(parts[3], out long limit)) return new("open files", Verdict.Good, "no limit found on this system");
        return limit >= 10_000
            ? new("open files", Verdict.Good, $"{limit} for this process")
            : new("open files", Verdict.Warning, $"{limit} for this process", "Each connection is one: raise it (ulimit -n 65536, or LimitNOFILE= in the unit).");
    }

    private static Finding Port(ServerOptions options)
    {
        IPAddress address = options.Host switch { "*" => IPAddress.Any, "localhost" => IPAddress.Loopback, _ => IPAddress.Parse(options.Host) };
        try
        {
            using Socket probe = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(address, options.Port));
            return new("port", Verdict.Good, $"{options.Port} is free");
        }
        catch (SocketException fault)
        {
            return new("port", Verdict.Warning, $"{options.Port} cannot be taken ({fault.SocketErrorCode})", "If this server is running already, all is well; otherwise give another with --port.");
        }
    }

    private static Finding Page(ServerOptions options) => WebPages.FindRoot(options) is { } root
        ? new("chat page", Verdict.Good, root)
        : new("chat page", Verdict.Warning, "not built", "Run ./chat build, or set Server:WebRoot.");

    private static async Task<List<Finding>> DatabaseAsync(Settings settings, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(settings.Database.ConnectionString)) return [await ManagedAsync(settings, ct)];
        try
        {
            await using NpgsqlDataSource source = ChatDataSource.Create(settings.Database.ConnectionString, "doctor", 1);
            return await DatabaseChecks.RunAsync(source, settings, ct);
        }
        catch (PostgresException fault)
        {
            return [new("database", Verdict.Fault, fault.MessageText, DatabaseRefusal.Explain(fault))];
        }
        catch (Exception fault) when (fault is NpgsqlException or ArgumentException or TimeoutException)
        {
            return [new("database", Verdict.Fault, fault.Message, "Check Database:ConnectionString, and that PostgreSQL runs and lets this host in.")];
        }
    }

    private static async Task<Finding> ManagedAsync(Settings settings, CancellationToken ct)
    {
        ManagedPostgresOptions options = new()
        {
            DataDirectory = Path.GetFullPath(settings.Server.DataDirectory),
            BinariesDirectory = settings.Database.BinariesDirectory,
        };
        try
        {
            return new("database", Verdict.Good, $"managed; PostgreSQL {await ManagedPostgres.DescribeBinariesAsync(options, ct)}");
        }
        catch (ManagedPostgresException fault)
        {
            return new("database", Verdict.Fault, "no PostgreSQL to manage", fault.Message);
        }
    }
}

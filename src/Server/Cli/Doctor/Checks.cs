using Chat.Server.Hosting;
using Chat.Storage;
using Chat.Storage.Managed;
using Npgsql;

namespace Chat.Server.Cli.Doctor;

/// <summary>The doctor's checks, in the order in which a start would meet what they look at.</summary>
internal static class Checks
{
    public static async Task<List<Finding>> RunAsync(IReadOnlyList<KeyValuePair<string, string?>> overrides, bool isDevelopment, CancellationToken ct)
    {
        List<Finding> findings = [];
        Settings? settings = ReadSettings(overrides, isDevelopment, findings);
        if (settings is null) return findings;

        findings.AddRange(MachineChecks.Run(settings, isDevelopment));
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

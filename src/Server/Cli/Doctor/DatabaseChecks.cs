using Chat.Server.Hosting;
using Chat.Storage.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Server.Cli.Doctor;

/// <summary>What the doctor asks a configured PostgreSQL.</summary>
internal static class DatabaseChecks
{
    private const int OldestVersion = 150_000;

    public static async Task<List<Finding>> RunAsync(NpgsqlDataSource source, Settings settings, CancellationToken ct)
    {
        List<Finding> findings = [await VersionAsync(source, ct)];
        foreach (string setting in (string[])["fsync", "full_page_writes", "synchronous_commit"]) findings.Add(await SafeAsync(source, setting, ct));
        findings.Add(await EncodingAsync(source, ct));
        findings.Add(await ClockAsync(source, ct));
        findings.Add(await SchemaAsync(source, settings.Database.Migrate, ct));
        findings.AddRange(await NodeChecks.RunAsync(source, settings, ct));
        return findings;
    }

    private static async Task<Finding> VersionAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        int number = int.Parse(await ShowAsync(source, "server_version_num", ct), System.Globalization.CultureInfo.InvariantCulture);
        string version = await ShowAsync(source, "server_version", ct);
        return number >= OldestVersion
            ? new("database version", Verdict.Good, version)
            : new("database version", Verdict.Fault, version, "PostgreSQL 15 is the oldest that is supported: upgrade it.");
    }

    private static async Task<Finding> SafeAsync(NpgsqlDataSource source, string setting, CancellationToken ct)
    {
        string value = await ShowAsync(source, setting, ct);
        return value != "off"
            ? new(setting, Verdict.Good, value)
            : new(setting, Verdict.Fault, value, $"Acked messages could be lost: set {setting}=on, or start with Database:AllowUnsafe=true if you accept that.");
    }

    private static async Task<Finding> EncodingAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        string encoding = await ShowAsync(source, "server_encoding", ct);
        return encoding == "UTF8"
            ? new("database encoding", Verdict.Good, encoding)
            : new("database encoding", Verdict.Fault, encoding, "Messages are Unicode: create the database with ENCODING 'UTF8'.");
    }

    private static async Task<Finding> ClockAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand("select clock_timestamp()");
        DateTime there = (DateTime)(await command.ExecuteScalarAsync(ct))!;
        TimeSpan skew = (TimeProvider.System.GetUtcNow().UtcDateTime - there).Duration();
        return skew < TimeSpan.FromSeconds(5)
            ? new("clock", Verdict.Good, $"within {skew.TotalMilliseconds:0} ms of the database's")
            : new("clock", Verdict.Warning, $"{skew.TotalSeconds:0} s off the database's", "Order does not depend on it, shown times and token ends do: run NTP on both.");
    }

    private static async Task<Finding> SchemaAsync(NpgsqlDataSource source, bool migrates, CancellationToken ct)
    {
        try
        {
            MigrationStatus status = await new Migrator(source, NullLogger<Migrator>.Instance).StatusAsync(ct);
            if (status.CurrentVersion > status.TargetVersion)
                return new(
                    "schema", Verdict.Warning,
                    $"version {status.CurrentVersion}, newer than this program's {status.TargetVersion}; it may run beside it",
                    "Upgrade this node when the others are done.");
            string missing = $"{status.Pending.Count} migrations are missing";
            if (status.Pending.Count == 0) return new("schema", Verdict.Good, $"version {status.CurrentVersion}");
            return migrates
                ? new("schema", Verdict.Warning, missing, "The next start applies them; or run ./chat migrate up.")
                : new("schema", Verdict.Fault, missing, "Database:Migrate=false forbids the start to apply them: run ./chat migrate up.");
        }
        catch (MigrationException fault)
        {
            return new("schema", Verdict.Fault, "cannot be used", fault.Message);
        }
    }

    private static async Task<string> ShowAsync(NpgsqlDataSource source, string setting, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand("select current_setting($1)");
        command.Parameters.AddWithValue(setting);
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }
}

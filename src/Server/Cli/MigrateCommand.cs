using System.CommandLine;
using Chat.Server.Cli.Database;
using Chat.Server.Diagnostics;
using Chat.Server.Hosting;
using Chat.Storage;
using Chat.Storage.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Server.Cli;

/// <summary><c>migrate up</c> and <c>migrate status</c>. The server does the first by itself at every start.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        Command command = new("migrate", "Look after the database schema.");
        command.Subcommands.Add(CreateUp());
        command.Subcommands.Add(CreateStatus());
        return command;
    }

    private static Command CreateUp()
    {
        Command up = new("up", "Bring the schema up to this build.");
        SettingOptions options = SettingOptions.AddTo(up);
        up.SetAction((parsed, ct) => RunUpAsync(options.Overrides(parsed), ct));
        return up;
    }

    private static Command CreateStatus()
    {
        Command status = new("status", "Say which migrations are in and which are missing.");
        SettingOptions options = SettingOptions.AddTo(status);
        status.SetAction((parsed, ct) => VerbDatabase.RunAsync(options.Overrides(parsed), StatusAsync, ct));
        return status;
    }

    private static async Task<int> RunUpAsync(IReadOnlyList<KeyValuePair<string, string?>> overrides, CancellationToken ct)
    {
        try
        {
            IConfigurationRoot configuration = SettingsReader.Sources(overrides);
            DatabaseOptions database = SettingsReader.ReadForVerb(configuration).Database;
            if (string.IsNullOrEmpty(database.ConnectionString))
            {
                await Console.Error.WriteLineAsync("Name the database: set Database:ConnectionString (CHAT__Database__ConnectionString or DATABASE_URL). A managed one is migrated by the server itself at its start.");
                return 2;
            }

            using Serilog.Core.Logger log = ServerLog.Create(configuration, isDevelopment: true);
            using LoggerFactory logs = new([new Serilog.Extensions.Logging.SerilogLoggerProvider(log)]);
            await using NpgsqlDataSource source = ChatDataSource.Create(database.ConnectionString, "migrate", 2);
            await UpAsync(new Migrator(source, logs.CreateLogger<Migrator>(), database.AllowUnsafe), ct);
            return 0;
        }
        catch (Exception fault) when (fault is SettingsException or MigrationException or NpgsqlException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return 2;
        }
    }

    private static async Task UpAsync(Migrator migrator, CancellationToken ct)
    {
        MigrationReport report = await migrator.UpAsync(ct);
        await Console.Out.WriteLineAsync(report.Applied.Count == 0
            ? $"The schema is at version {report.Version} already."
            : $"The schema is at version {report.Version} now; applied: {string.Join(", ", report.Applied)}.");
    }

    private static async Task<int> StatusAsync(VerbTarget target, CancellationToken ct)
    {
        try
        {
            Migrator migrator = new(target.Source, NullLogger<Migrator>.Instance, target.Settings.Database.AllowUnsafe);
            MigrationStatus status = await migrator.StatusAsync(ct);
            await Console.Out.WriteLineAsync($"The schema is at version {status.CurrentVersion}, this build needs {status.TargetVersion}.");
            foreach (string pending in status.Pending) await Console.Out.WriteLineAsync($"  missing: {pending}");
            return 0;
        }
        catch (MigrationException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return 2;
        }
    }
}

using System.CommandLine;
using Chat.Server.Diagnostics;
using Chat.Server.Hosting;
using Chat.Storage;
using Chat.Storage.Schema;
using Npgsql;

namespace Chat.Server.Cli;

/// <summary><c>migrate up</c> and <c>migrate status</c>. The server does the first by itself at every start.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        Command command = new("migrate", "Look after the database schema.");
        command.Subcommands.Add(Verb("up", "Bring the schema up to this build.", UpAsync));
        command.Subcommands.Add(Verb("status", "Say which migrations are in and which are missing.", StatusAsync));
        return command;
    }

    private static Command Verb(string name, string description, Func<Migrator, CancellationToken, Task> run)
    {
        Command command = new(name, description);
        SettingOptions options = SettingOptions.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(options.Overrides(parsed), run, ct));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<KeyValuePair<string, string?>> overrides, Func<Migrator, CancellationToken, Task> run, CancellationToken ct)
    {
        IConfigurationRoot configuration = SettingsReader.Sources(overrides);
        string? connectionString = configuration["Database:ConnectionString"];
        if (string.IsNullOrEmpty(connectionString))
        {
            await Console.Error.WriteLineAsync("Name the database: set Database:ConnectionString (CHAT__Database__ConnectionString or DATABASE_URL). A managed one is migrated by the server itself at its start.");
            return 2;
        }

        using Serilog.Core.Logger log = ServerLog.Create(configuration, isDevelopment: true);
        using LoggerFactory logs = new([new Serilog.Extensions.Logging.SerilogLoggerProvider(log)]);
        try
        {
            await using NpgsqlDataSource source = ChatDataSource.Create(connectionString, "migrate", 2);
            await run(new Migrator(source, logs.CreateLogger<Migrator>(), configuration.GetValue("Database:AllowUnsafe", false)), ct);
            return 0;
        }
        catch (Exception fault) when (fault is MigrationException or NpgsqlException or ArgumentException)
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

    private static async Task StatusAsync(Migrator migrator, CancellationToken ct)
    {
        MigrationStatus status = await migrator.StatusAsync(ct);
        await Console.Out.WriteLineAsync($"The schema is at version {status.CurrentVersion}, this build needs {status.TargetVersion}.");
        foreach (string pending in status.Pending) await Console.Out.WriteLineAsync($"  missing: {pending}");
    }
}

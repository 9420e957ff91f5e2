using Chat.Server.Sessions;
using Chat.Storage;
using Chat.Storage.Schema;
using Npgsql;

namespace Chat.Server.Hosting;

/// <summary>
/// Brings the database up to this build, or finds that it may be used as it is. Waits for one that does not answer, however long; what
/// waiting cannot mend is an exception.
/// </summary>
internal sealed class DatabasePreparation(
    DatabaseAddress address, Settings settings, StartGate gate, TimeProvider time, ILoggerFactory logs)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A line of the log at the first failure, then one in this time.</summary>
    private static readonly TimeSpan LinePeriod = TimeSpan.FromSeconds(30);

    private readonly ILogger _log = logs.CreateLogger<DatabasePreparation>();

    /// <summary>Returns when the schema is up.</summary>
    /// <exception cref="MigrationException">Server or schema are not to be worked with; the message says why and what to do.</exception>
    /// <exception cref="NpgsqlException">It refuses us: a wrong password, no such database, no right.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        long start = time.GetTimestamp();
        TimeSpan nextLine = TimeSpan.Zero;
        gate.WaitFor("the database schema is being checked");
        while (true)
        {
            try
            {
                await PrepareAsync(ct);
                if (nextLine > TimeSpan.Zero) HostLog.DatabaseAppeared(_log, (long)time.GetElapsedTime(start).TotalSeconds);
                return;
            }
            catch (Exception fault) when (DatabaseOutage.IsPassing(fault) && !ct.IsCancellationRequested)
            {
                gate.WaitFor("the database does not answer");
                TimeSpan waited = time.GetElapsedTime(start);
                if (waited >= nextLine)
                {
                    HostLog.WaitsForDatabase(_log, address.Shown, OneLine(fault), (long)waited.TotalSeconds);
                    nextLine = waited + LinePeriod;
                }
            }

            await Task.Delay(Pause, time, ct);
        }
    }

    private async Task PrepareAsync(CancellationToken ct)
    {
        await using NpgsqlDataSource source = ChatDataSource.Create(address.ConnectionString, "migrate", 2);
        Migrator migrator = new(source, logs.CreateLogger<Migrator>(), settings.Database.AllowUnsafe);
        MigrationReport report = settings.Database.Migrate ? await migrator.UpAsync(ct) : await migrator.VerifyAsync(ct);
        if (report.Version > Migrator.ProgramVersion) HostLog.NewerSchema(_log, report.Version, Migrator.ProgramVersion);
    }

    private static string OneLine(Exception fault) =>
        (fault.InnerException is { } inner ? $"{fault.Message}: {inner.Message}" : fault.Message).ReplaceLineEndings(" ");
}

using Chat.Storage;
using Chat.Storage.Managed;
using Chat.Storage.Schema;
using Npgsql;

namespace Chat.Server.Hosting;

/// <summary>Brings a database up to this build: the one that is configured, or a managed one in the data directory.</summary>
internal sealed class DatabaseStart : IAsyncDisposable
{
    private readonly ManagedPostgres? _managed;

    private DatabaseStart(string connectionString, ManagedPostgres? managed) => (ConnectionString, _managed) = (connectionString, managed);

    public string ConnectionString { get; }

    /// <summary>One line for the start screen.</summary>
    public string Description => _managed is { } managed
        ? $"PostgreSQL {managed.Version}, managed, in {managed.DataDirectory}"
        : "PostgreSQL as configured";

    /// <summary>Completes when a managed database ends by itself; never for a configured one.</summary>
    public Task Ended => _managed?.Exited ?? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);

    /// <exception cref="ManagedPostgresException">The managed one cannot start; the message says why and what to do.</exception>
    /// <exception cref="MigrationException">The schema cannot be used; likewise.</exception>
    public static async Task<DatabaseStart> RunAsync(Settings settings, ILoggerFactory logs, CancellationToken ct)
    {
        ManagedPostgres? managed = null;
        string? connectionString = settings.Database.ConnectionString;
        if (string.IsNullOrEmpty(connectionString))
        {
            ManagedPostgresOptions options = new()
            {
                DataDirectory = Path.GetFullPath(settings.Server.DataDirectory),
                BinariesDirectory = settings.Database.BinariesDirectory,
            };
            managed = await ManagedPostgres.StartAsync(options, TimeProvider.System, logs.CreateLogger<ManagedPostgres>(), ct);
            connectionString = managed.ConnectionString;
        }

        DatabaseStart start = new(connectionString, managed);
        try
        {
            await using NpgsqlDataSource source = ChatDataSource.Create(connectionString, "migrate", 2);
            await new Migrator(source, logs.CreateLogger<Migrator>(), settings.Database.AllowUnsafe).UpAsync(ct);
            return start;
        }
        catch
        {
            await start.DisposeAsync(); // a managed database must not outlive a failed start
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_managed is not null) await _managed.DisposeAsync();
    }
}

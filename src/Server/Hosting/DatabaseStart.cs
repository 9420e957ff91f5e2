using Chat.Storage.Managed;

namespace Chat.Server.Hosting;

/// <summary>Finds the database of this process: the one that is configured, or a managed one in the data directory, which it starts.</summary>
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
    /// <exception cref="IOException">The server could not listen, so that no database was made for it.</exception>
    public static async Task<DatabaseStart> RunAsync(Settings settings, ILoggerFactory logs, CancellationToken ct)
    {
        if (settings.Database.ConnectionString is { Length: > 0 } configured) return new DatabaseStart(configured, null);
        if (!ManagedPostgres.HasData(settings.Server.DataDirectory) && PortProbe.FindFault(settings.Server) is { } fault)
            throw new IOException(
                $"The port cannot be taken: {settings.Server.Host}:{settings.Server.Port} ({fault}). Give another with --port, or stop what uses it.");

        ManagedPostgresOptions options = new()
        {
            DataDirectory = Path.GetFullPath(settings.Server.DataDirectory),
            BinariesDirectory = settings.Database.BinariesDirectory,
        };
        ManagedPostgres managed = await ManagedPostgres.StartAsync(options, TimeProvider.System, logs.CreateLogger<ManagedPostgres>(), ct);
        return new DatabaseStart(managed.ConnectionString, managed);
    }

    public async ValueTask DisposeAsync()
    {
        if (_managed is not null) await _managed.DisposeAsync();
    }
}

using Npgsql;

namespace Chat.Chaos.Faults;

/// <summary>Holds every connection that PostgreSQL has left, until it is disposed.</summary>
internal sealed class ConnectionHog(string connectionString) : IAsyncDisposable
{
    private const int Most = 200;

    private readonly string _connectionString = new NpgsqlConnectionStringBuilder(connectionString)
    {
        Pooling = false,
        Timeout = 5,
    }.ConnectionString;
    private readonly List<NpgsqlConnection> _held = [];

    /// <summary>Connects until PostgreSQL says that there is no more room (53300).</summary>
    public async Task TakeAllAsync(CancellationToken ct)
    {
        while (_held.Count < Most)
        {
            var connection = new NpgsqlConnection(_connectionString);
            try
            {
                await connection.OpenAsync(ct);
                _held.Add(connection);
            }
            catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                await connection.DisposeAsync();
                return;
            }
        }
    }

    /// <summary>Runs a statement on a connection that is held.</summary>
    public async Task RunOnFirstAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, _held[0]);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (NpgsqlConnection connection in _held) await connection.DisposeAsync();
    }
}

using Npgsql;

namespace Chat.Storage.Nodes;

/// <summary>The number by which this database is told from others. Thread-safe.</summary>
public sealed class DatabaseTagStore(NpgsqlDataSource source)
{
    private const string Read = "select tag from database_tag";

    /// <summary>Positive, and the same for as long as the database lives.</summary>
    public async Task<long> ReadAsync(CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Read);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}

using Npgsql;

namespace Chat.Storage.Nodes;

/// <summary>Who runs on this database. Thread-safe.</summary>
public sealed class NodeStore(NpgsqlDataSource source)
{
    private const string List = """
        select id, incarnation, version, schema_version, address, started_at,
            greatest(clock_timestamp() - renewed_at, interval '0'), ended_at
        from nodes order by ended_at is not null, id
        """;

    private const string Prune = "delete from nodes where coalesce(ended_at, renewed_at) < clock_timestamp() - $1";

    /// <summary>All nodes that are known, those that ended last.</summary>
    public async Task<IReadOnlyList<NodeRow>> ListAsync(CancellationToken ct)
    {
        await using NpgsqlBatch batch = source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(NodeLease.HeldLocks));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(List));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(ct);
        HashSet<long> held = [];
        while (await reader.ReadAsync(ct)) held.Add(reader.GetInt64(0));
        await reader.NextResultAsync(ct);
        List<NodeRow> rows = [];
        while (await reader.ReadAsync(ct))
        {
            string id = reader.GetString(0);
            DateTimeOffset? endedAt = await reader.IsDBNullAsync(7, ct) ? null : await reader.GetFieldValueAsync<DateTimeOffset>(7, ct);
            rows.Add(new NodeRow(
                id, reader.GetInt64(1), reader.GetString(2), reader.GetInt32(3), reader.GetString(4),
                await reader.GetFieldValueAsync<DateTimeOffset>(5, ct), reader.GetTimeSpan(6), endedAt, held.Contains(NodeLease.KeyOf(id))));
        }

        return rows;
    }

    /// <summary>Takes out nodes that ended, or were last heard of, longer than <paramref name="age"/> ago; how many.</summary>
    public async Task<int> PruneAsync(TimeSpan age, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Prune);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = age });
        return await command.ExecuteNonQueryAsync(ct);
    }
}

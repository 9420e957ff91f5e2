using Npgsql;

namespace Chat.Storage.Media;

/// <summary>
/// What has come of uploads in chunks. A chunk counts when it begins where the file ends so far; of two at one place the first does.
/// Thread-safe, and so between nodes.
/// </summary>
public sealed class ChunkTable(NpgsqlDataSource source)
{
    private const string Enter = """
        insert into blob_objects (id, blob_id, start_at, bytes)
        select $1, id, $3, $4 from blobs where id = $2 and state = 1 and received = $3 and received + $4 <= bytes
        """;

    private const string Take = """
        with grown as (
            update blobs b set received = b.received + o.bytes, expires_at = clock_timestamp() + $3
            from blob_objects o
            where b.id = $1 and o.id = $2 and o.blob_id = b.id and not o.received and b.state = 1 and b.received = o.start_at
            returning b.received
        ), counted as (
            update blob_objects set received = true where id = $2 and exists (select from grown)
        )
        select received from grown
        """;

    private const string List = """
        select id, start_at, bytes from blob_objects where blob_id = $1 and received order by start_at
        """;

    private const string EnterWhole = """
        insert into blob_objects (id, blob_id) select $1, id from blobs where id = $2 and state = 1 and received = bytes
        """;

    /// <summary>Enters the name under which a chunk will be stored; false when it does not begin where the file ends, or is too
    /// long.</summary>
    public async Task<bool> EnterAsync(Guid blobId, ChunkRow chunk, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Enter);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = chunk.ObjectId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = blobId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chunk.StartAt });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chunk.Bytes });
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    /// <summary>Makes a stored chunk count, and puts off when the upload is given up.</summary>
    /// <returns>How much of the file there is now; null when another chunk was first.</returns>
    public async Task<long?> TakeAsync(Guid blobId, Guid objectId, TimeSpan unfinishedFor, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Take);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = blobId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = objectId });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = unfinishedFor });
        return (long?)await command.ExecuteScalarAsync(ct);
    }

    /// <summary>The chunks that count, in the order of the file.</summary>
    public async Task<IReadOnlyList<ChunkRow>> ListAsync(Guid blobId, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(List);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = blobId });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<ChunkRow> chunks = [];
        while (await reader.ReadAsync(ct)) chunks.Add(new ChunkRow(reader.GetGuid(0), reader.GetInt64(1), reader.GetInt64(2)));
        return chunks;
    }

    /// <summary>Enters the name under which the whole will be stored; false when it has not all come, or is not uploading.</summary>
    public async Task<bool> EnterWholeAsync(Guid blobId, Guid objectId, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(EnterWhole);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = objectId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = blobId });
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }
}

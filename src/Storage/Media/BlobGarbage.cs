using Npgsql;

namespace Chat.Storage.Media;

/// <summary>Finds files whose time is over, and the names that are to be deleted from the blob store. Thread-safe.</summary>
public sealed class BlobGarbage(NpgsqlDataSource source)
{
    // A row that an upload holds just now is left for the next time.
    private const string Expire = $"""
        with due as (
            select id from blobs where state < 3 and expires_at < clock_timestamp() order by expires_at limit $1 for update skip locked
        ), gone as (
            update blobs b set state = 3, deleted_at = clock_timestamp() from due where b.id = due.id
            returning b.id, b.owner_id, b.object_id, b.bytes
        ), {DeletedBlobs.Release}
        """;

    // Rows of uploads that never became files. A name that was entered while the row was given up goes with it.
    private const string ForgetObjects = """
        with late as (
            delete from blob_objects o using blobs b
            where o.blob_id = b.id and b.id = any(array(
                select id from blobs where state = 3 and object_id is null and deleted_at < clock_timestamp() - interval '1 day'
                order by deleted_at limit $1))
            returning o.id
        )
        insert into blob_garbage (object_id) select id from late
        """;

    private const string Forget = """
        delete from blobs b where b.id = any(array(
            select id from blobs where state = 3 and object_id is null and deleted_at < clock_timestamp() - interval '1 day'
            order by deleted_at limit $1))
        and not exists (select from blob_objects o where o.blob_id = b.id)
        """;

    private const string Discard = """
        with dropped as (delete from blob_objects where id = $1 returning id) insert into blob_garbage (object_id) select id from dropped
        """;

    private const string ListDue = """
        select object_id from blob_garbage where due_at <= clock_timestamp() order by due_at limit $1
        """;

    private const string Remove = "delete from blob_garbage where object_id = any($1)";

    private const string Postpone = "update blob_garbage set due_at = clock_timestamp() + $2 where object_id = any($1)";

    /// <summary>Deletes up to <paramref name="limit"/> files and unfinished uploads whose time is over, the oldest first; how
    /// many.</summary>
    public async Task<long> ExpireAsync(int limit, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Expire);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Takes out up to <paramref name="limit"/> rows of uploads that were given up a day ago; how many.</summary>
    public async Task<int> ForgetAsync(int limit, CancellationToken ct)
    {
        await using (NpgsqlCommand objects = source.CreateCommand(ForgetObjects))
        {
            objects.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
            await objects.ExecuteNonQueryAsync(ct);
        }

        await using NpgsqlCommand command = source.CreateCommand(Forget);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Makes one name garbage that was entered and came to nothing.</summary>
    public async Task DiscardAsync(Guid objectId, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Discard);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = objectId });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Names that are to be deleted from the store now, the oldest first.</summary>
    public async Task<IReadOnlyList<Guid>> ListDueAsync(int limit, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ListDue);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<Guid> names = [];
        while (await reader.ReadAsync(ct)) names.Add(reader.GetGuid(0));
        return names;
    }

    /// <summary>These are deleted from the store.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<Guid> objectIds, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Remove);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. objectIds] });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>These could not be deleted: the others come first meanwhile.</summary>
    public async Task PostponeAsync(IReadOnlyCollection<Guid> objectIds, TimeSpan by, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Postpone);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. objectIds] });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = by });
        await command.ExecuteNonQueryAsync(ct);
    }
}

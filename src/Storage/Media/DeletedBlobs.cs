namespace Chat.Storage.Media;

/// <summary>What follows in every statement that deletes files, whoever deletes them.</summary>
internal static class DeletedBlobs
{
    /// <summary>
    /// Gives the owners their room back and makes the names garbage: at once, but for one that somebody may still be writing. Stands behind
    /// <c>gone</c> (id, owner_id, object_id, bytes), the rows that the statement has just set to deleted, and returns how many they are.
    /// </summary>
    public const string Release = """
        used as (
            update blob_usage u set bytes = greatest(u.bytes - freed.bytes, 0)
            from (select owner_id, sum(bytes)::bigint as bytes from gone group by owner_id) freed where u.principal_id = freed.owner_id
        ), rest as (
            delete from blob_objects o using gone where o.blob_id = gone.id returning o.id, o.received or o.id = gone.object_id as is_whole
        ), waste as (
            insert into blob_garbage (object_id, due_at)
            select id, clock_timestamp() + case when is_whole then interval '0' else interval '1 hour' end from rest
        )
        select count(*) from gone
        """;
}

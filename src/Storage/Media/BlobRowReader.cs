using Npgsql;

namespace Chat.Storage.Media;

/// <summary>Reads a row of <c>blobs</c> out of a query that begins with <see cref="Columns"/>.</summary>
internal static class BlobRowReader
{
    public const string Columns = """
        b.id, b.owner_id, b.chat_id, b.purpose, b.state, b.file_name, b.content_type, b.bytes, b.received,
        b.object_id, b.created_at, b.expires_at
        """;

    /// <summary>How many <see cref="Columns"/> there are.</summary>
    public const int Count = 12;

    public static BlobRow Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetInt64(1),
        reader.IsDBNull(2) ? null : reader.GetInt64(2),
        reader.GetInt16(3),
        reader.GetInt16(4),
        reader.GetString(5),
        reader.IsDBNull(6) ? null : reader.GetString(6),
        reader.GetInt64(7),
        reader.GetInt64(8),
        reader.IsDBNull(9) ? null : reader.GetGuid(9),
        new DateTimeOffset(reader.GetDateTime(10)).ToUnixTimeMilliseconds(),
        reader.IsDBNull(11) ? null : new DateTimeOffset(reader.GetDateTime(11)).ToUnixTimeMilliseconds());
}

using Npgsql;

namespace Chat.Storage.Messages;

/// <summary>Reads rows of <c>events</c> wherever they stand in a result.</summary>
internal static class EventReader
{
    /// <summary>The columns, for the alias "e", in the order that <see cref="Read"/> expects.</summary>
    public const string Columns =
        "e.chat_id, e.sequence, e.kind, e.sender_id, e.created_at, e.client_message_id, e.target_sequence, e.body, "
        + "e.subject_id, e.subject_role";

    /// <param name="first">Index of the first of the columns.</param>
    public static EventRow Read(NpgsqlDataReader reader, int first) => new(
        reader.GetInt64(first),
        reader.GetInt64(first + 1),
        reader.GetInt16(first + 2),
        reader.GetInt64(first + 3),
        new DateTimeOffset(reader.GetDateTime(first + 4)).ToUnixTimeMilliseconds(),
        reader.IsDBNull(first + 5) ? null : reader.GetGuid(first + 5),
        reader.IsDBNull(first + 6) ? null : reader.GetInt64(first + 6),
        reader.IsDBNull(first + 7) ? null : reader.GetString(first + 7),
        reader.IsDBNull(first + 8) ? null : reader.GetInt64(first + 8),
        reader.IsDBNull(first + 9) ? null : reader.GetInt16(first + 9));
}

using System.Text.Json;
using Npgsql;

namespace Chat.Storage.Messages;

/// <summary>
/// Reads rows of <c>events</c> for showing: a message once, as it is now, and of what changed it only what does not bring back a text that is
/// gone. For the alias "e", one person ($1 of <see cref="Joins"/>), and <c>until</c>, the last sequence that the person may see of the chat.
/// </summary>
internal static class ShownEvent
{
    public const int ColumnCount = 19;

    /// <summary>The largest sequence there can be (protocol-spec.md §1): for one who is in the chat now.</summary>
    public const string Forever = "9007199254740991";

    /// <param name="person">The parameter that holds the asker.</param>
    /// <param name="until">The last sequence that the asker may see of the chat.</param>
    public static string Columns(string person, string until) => $"""
        e.chat_id, e.sequence, e.kind, e.sender_id, e.created_at, e.client_message_id, e.target_sequence,
            case
                when e.kind = 1 and c.deleted_at is not null then null
                when e.kind = 1 and c.edited_as is not null then coalesce((
                    select coalesce(x.body, x.attributes->>'withheld')
                    from message_edits d join events x on x.chat_id = d.chat_id and x.sequence = d.edit_sequence
                    where d.chat_id = e.chat_id and d.message_sequence = e.sequence and d.edit_sequence <= {until}
                    order by d.edit_sequence desc limit 1), e.body)
                when e.kind = 10 then case
                    when c.deleted_at is null and c.edited_as = e.sequence and exists (
                        select from members v where v.chat_id = e.chat_id and v.principal_id = {person}
                            and e.target_sequence between v.joined_at_sequence and coalesce(v.left_at_sequence, e.target_sequence))
                    then coalesce(e.body, e.attributes->>'withheld') end
                else e.body
            end,
            e.subject_id, e.subject_role, e.attributes->>'previous', c.as_of, c.edited_at, c.deleted_at, c.deleted_by, c.pinned_at, own.emoji,
            case when c.as_of <= {until} then c.reactions end,
            case when c.deleted_at is not null then null when c.edited_as is not null then (e.attributes->'content') - 'marks'
                else e.attributes->'content' end
        """;

    /// <param name="person">The parameter that holds the asker.</param>
    public static string Joins(string person) => $"""
        left join message_changes c on c.chat_id = e.chat_id
            and c.sequence = case e.kind when 1 then e.sequence when 10 then e.target_sequence end
        left join message_reactions own on own.chat_id = e.chat_id and own.sequence = c.sequence and own.principal_id = {person} and e.kind = 1
        """;

    /// <param name="first">Index of the first of the columns.</param>
    public static EventRow Read(NpgsqlDataReader reader, int first)
    {
        EventRow row = EventReader.ReadPlain(reader, first);
        string? previous = reader.IsDBNull(first + 10) ? null : reader.GetString(first + 10);
        MessageChanges? changes = row.Kind != EventKinds.Message || reader.IsDBNull(first + 11) ? null : ReadChanges(reader, first + 11);
        string? content = row.Kind != EventKinds.Message || reader.IsDBNull(first + 18) ? null : reader.GetString(first + 18);
        bool isPlain = previous is null && changes is null && content is null;
        return isPlain ? row : new DetailedEventRow(row, new EventDetails(previous, changes, content));
    }

    /// <summary>The column <c>reactions</c> as counts, the most frequent first.</summary>
    public static IReadOnlyList<ReactionCount> ReadReactions(string json) =>
    [
        .. JsonSerializer.Deserialize<Dictionary<string, int>>(json)!
            .Select(one => new ReactionCount(one.Key, one.Value))
            .OrderByDescending(one => one.Count).ThenBy(one => one.Emoji, StringComparer.Ordinal),
    ];

    private static MessageChanges ReadChanges(NpgsqlDataReader reader, int first)
    {
        bool isDeleted = !reader.IsDBNull(first + 2);
        return new MessageChanges(
            reader.GetInt64(first),
            isDeleted ? null : ReadMs(reader, first + 1),
            ReadMs(reader, first + 2),
            reader.IsDBNull(first + 3) ? null : reader.GetInt64(first + 3),
            ReadMs(reader, first + 4),
            reader.IsDBNull(first + 5) ? null : reader.GetString(first + 5),
            reader.IsDBNull(first + 6) ? [] : ReadReactions(reader.GetString(first + 6)));
    }

    private static long? ReadMs(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : new DateTimeOffset(reader.GetDateTime(column)).ToUnixTimeMilliseconds();
}

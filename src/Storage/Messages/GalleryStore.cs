using System.Globalization;
using Npgsql;

namespace Chat.Storage.Messages;

/// <summary>The messages of a chat that are more than text, by what they are. Thread-safe.</summary>
public sealed class GalleryStore(NpgsqlDataSource source)
{
    private const string Seen = """
        select case when bool_or(left_at_sequence is null) then 9007199254740991 else max(left_at_sequence) end from members
        where chat_id = $1 and principal_id = $2
        """;

    // Per interval of membership and kind, so that each is one walk along the index, and no text is looked at.
    private static readonly string List = $"""
        with page as materialized (
            select e.* from members m
            cross join unnest($3) as k (kind)
            cross join lateral (
                select e.* from events e
                where e.chat_id = $1 and e.attributes->'content'->>'kind' = k.kind and (e.attributes->'content') is not null and e.kind = 1
                    and e.sequence >= m.joined_at_sequence and e.sequence <= coalesce(m.left_at_sequence, $4)
                    and e.sequence > m.cleared_up_to and e.sequence < $4 and {HiddenStore.Shows("$2")}
                    and (select c.deleted_at from message_changes c where c.chat_id = e.chat_id and c.sequence = e.sequence) is null
                order by e.sequence desc limit $5
            ) e
            where m.chat_id = $1 and m.principal_id = $2
            order by e.sequence desc limit $5
        )
        select {ShownEvent.Columns("$2", "$6")} from page e {ShownEvent.Joins("$2")} order by e.sequence desc
        """;

    /// <summary>The newest first; null if the principal never was in the chat.</summary>
    /// <param name="kinds">Numbers of contents.</param>
    /// <param name="before">Only what is before this sequence.</param>
    public async Task<IReadOnlyList<EventRow>?> ListAsync(
        long chatId, long principalId, IReadOnlyList<int> kinds, long before, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using var seen = new NpgsqlCommand(Seen, connection);
        seen.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chatId });
        seen.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        if (await seen.ExecuteScalarAsync(ct) is not long until) return null;

        await using var list = new NpgsqlCommand(List, connection);
        list.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chatId });
        list.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        string[] numbers = [.. kinds.Select(kind => kind.ToString(CultureInfo.InvariantCulture))];
        list.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = numbers });
        list.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before });
        list.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        list.Parameters.Add(new NpgsqlParameter<long> { TypedValue = until });
        await using NpgsqlDataReader reader = await list.ExecuteReaderAsync(ct);
        List<EventRow> messages = [];
        while (await reader.ReadAsync(ct)) messages.Add(ShownEvent.Read(reader, 0));
        return messages;
    }
}

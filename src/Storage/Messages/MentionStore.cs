using System.Globalization;
using Npgsql;

namespace Chat.Storage.Messages;

/// <summary>Reads which messages mention somebody (ADR 0032). They are written with the messages, by the database. Thread-safe.</summary>
public sealed class MentionStore(NpgsqlDataSource source)
{
    /// <summary>Unread mentions of one chat that are counted at most.</summary>
    public const int MaxCounted = 1_000;

    // The rows that are looked at are cut first: what somebody who left a chat may not see any more costs a short page, and no long walk. Who
    // came back sees what was of the memberships before, as far as it was not cleared in them.
    private static readonly string List = $"""
        with looked as materialized (
            select n.chat_id, n.sequence, n.id from mentions n where n.principal_id = $1 and n.id < $2 order by n.id desc limit $3
        ),
        page as materialized (
            select n.id as place, e.* from looked n
            join events e on e.chat_id = n.chat_id and e.sequence = n.sequence
            where {HiddenStore.Shows("$1")}
                and exists (select from members m where m.chat_id = n.chat_id and m.principal_id = $1 and m.left_at_sequence is null)
                and exists (
                    select from members v where v.chat_id = n.chat_id and v.principal_id = $1
                        and n.sequence between v.joined_at_sequence and coalesce(v.left_at_sequence, n.sequence) and n.sequence > v.cleared_up_to)
        )
        select n.id, {ShownEvent.Columns("$1", ShownEvent.Forever)}
        from looked n
        left join page e on e.place = n.id
        {ShownEvent.Joins("$1")}
        order by n.id desc
        """;

    /// <summary>The unread mentions of a person in a chat: how many, and the first. For the alias "e" and none around it.</summary>
    /// <param name="person">The parameter that holds the person.</param>
    /// <param name="chat">The chat; the person is in it now.</param>
    /// <param name="after">How far the person has read or cleared it. A membership begins with all before it read.</param>
    /// <param name="upTo">Its head, as the answer says it.</param>
    internal static string CountUnread(string person, string chat, string after, string upTo) => $"""
        select count(*) as count, min(n.sequence) as first from (
            select e.sequence from mentions e
            where e.principal_id = {person} and e.chat_id = {chat} and e.sequence > {after} and e.sequence <= {upTo} and {HiddenStore.Shows(person)}
            order by e.sequence limit {MaxCounted.ToString(CultureInfo.InvariantCulture)}
        ) n
        """;

    /// <summary>A page of the messages that mention the person in the chats that they are in now, the newest first, as they are now.</summary>
    /// <param name="before">Where the page before ended; null for the first page.</param>
    /// <param name="limit">Mentions that are looked at; those that the person may not see are not in the page.</param>
    /// <returns>The messages, and where the next page starts; null on the last one.</returns>
    public async Task<(IReadOnlyList<EventRow> Messages, long? Next)> ListAsync(long principalId, long? before, int limit, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(List);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before ?? long.MaxValue });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit + 1 });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<EventRow> messages = [];
        long last = 0;
        for (int looked = 0; await reader.ReadAsync(ct); looked++)
        {
            if (looked == limit) return (messages, last);
            last = reader.GetInt64(0);
            if (Read(reader) is { } message) messages.Add(message);
        }

        return (messages, null);
    }

    /// <summary>Null where the person may not see it any more.</summary>
    private static EventRow? Read(NpgsqlDataReader reader) => reader.IsDBNull(1) ? null : ShownEvent.Read(reader, 1);
}

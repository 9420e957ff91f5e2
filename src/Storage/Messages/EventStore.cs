using System.Text;
using Npgsql;

namespace Chat.Storage.Messages;

/// <summary>Reads a chat's log by sequence. Thread-safe.</summary>
public sealed class EventStore(NpgsqlDataSource source)
{
    private const string ReadChat = """
        select c.epoch, case when bool_or(m.left_at_sequence is null) then c.head_sequence else max(m.left_at_sequence) end
        from members m join chats c on c.id = m.chat_id
        where m.chat_id = $1 and m.principal_id = $2
        group by c.id
        """;

    // Per interval of membership, so that each is one walk along the primary key. $3 and $4 are exclusive bounds.
    private const string ReadPage = $"""
        select e.* from members m
        cross join lateral (
            select {EventReader.Columns} from events e
            where e.chat_id = $1 and e.sequence >= m.joined_at_sequence and e.sequence <= coalesce(m.left_at_sequence, $4)
                and e.sequence > $3 and e.sequence < $4
            order by e.sequence limit $5
        ) e
        where m.chat_id = $1 and m.principal_id = $2
        order by e.sequence limit $5
        """;

#if PLANTED_BUGS
    private const string ReadUnfiltered = $"""
        select {EventReader.Columns} from events e where e.chat_id = $1 and $2 <> 0 and e.sequence > $3 and e.sequence < $4 order by e.sequence limit $5
        """;
#endif

    private const string ReadRange = $"""
        select {EventReader.Columns} from events e where e.chat_id = $1 and e.sequence between $2 and $3 order by e.sequence
        """;

    private static readonly string ReadPageBackwards =
        ReadPage.Replace("order by e.sequence", "order by e.sequence desc", StringComparison.Ordinal);

    /// <summary>
    /// A page of what the principal may see: the lowest events above <paramref name="after"/>, or the highest below
    /// <paramref name="before"/>, or with neither the newest. Null if it never was in the chat.
    /// </summary>
    /// <param name="limit">Most events.</param>
    /// <param name="maxTextBytes">Most bytes of text (UTF-8) in the page; one event always fits.</param>
    public async Task<HistoryPage?> ReadAsync(
        long chatId, long principalId, long? after, long? before, int limit, int maxTextBytes, CancellationToken ct)
    {
        bool forwards = after is not null;
        string page = forwards ? ReadPage : ReadPageBackwards;
#if PLANTED_BUGS
        if (forwards && PlantedBug.Is("no-membership-filter")) page = ReadUnfiltered;
#endif
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command(ReadChat, chatId, principalId),
                Command(page, chatId, principalId, after ?? 0, before ?? long.MaxValue, limit + 1),
            },
        };
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;
        (long epoch, long head) = (reader.GetInt64(0), reader.GetInt64(1));
        await reader.NextResultAsync(ct);

        var events = new List<EventRow>(Math.Min(limit, 256));
        bool hasMore = false;
        long textBytes = 0;
        int rows = 0;
        while (await reader.ReadAsync(ct))
        {
            EventRow row = EventReader.Read(reader, 0);
            rows++;
            if (row.Sequence > head) continue; // committed between the two statements: not of this page's head, though it took the place of an older one
            textBytes += row.Text is null ? 0 : Encoding.UTF8.GetByteCount(row.Text);
            if (events.Count == limit || (events.Count > 0 && textBytes > maxTextBytes))
            {
                hasMore = true;
                break;
            }
            events.Add(row);
        }
        if (!forwards && rows > limit) hasMore = true;
        if (!forwards) events.Reverse();
        (long from, long to) = Cover(events, forwards, hasMore, after, before, head);
        return new HistoryPage(epoch, head, events, from, to, hasMore);
    }

    /// <summary>All events of a chat between two sequences, both included, whoever may see them: for the repair of holes.</summary>
    public async Task<IReadOnlyList<EventRow>> ReadRangeAsync(long chatId, long from, long to, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ReadRange);
        foreach (long value in (long[])[chatId, from, to])
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        var events = new List<EventRow>();
        while (await reader.ReadAsync(ct))
            events.Add(EventReader.Read(reader, 0));
        return events;
    }

    /// <summary>
    /// What the asker holds with this page (protocol-spec.md §6.18). Where the page ends because there is no more to see, the range
    /// reaches to the end of what was asked for: the log's beginning, or the visible head.
    /// </summary>
    private static (long From, long To) Cover(List<EventRow> events, bool forwards, bool hasMore, long? after, long? before, long head)
    {
        if (forwards)
        {
            long from = after!.Value + 1;
            long to = hasMore ? events[^1].Sequence : Math.Max(head, after.Value);
            return (from, to);
        }
        long end = Math.Max(0, Math.Min(head, before - 1 ?? head));
        if (hasMore) return (events.Count > 0 ? events[0].Sequence : end + 1, end);
        return (Math.Min(1, end + 1), end);
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<long> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (long value in values)
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        return command;
    }
}

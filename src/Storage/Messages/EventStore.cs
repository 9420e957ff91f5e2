using System.Text;
using Npgsql;

namespace Chat.Storage.Messages;

/// <summary>Reads a chat's log by sequence. Thread-safe.</summary>
public sealed class EventStore(NpgsqlDataSource source)
{
    /// <summary>A count of people and the array around it.</summary>
    private const int MaxCountBytes = 8;

    private const string ReadChat = """
        select c.epoch, case when bool_or(m.left_at_sequence is null) then c.head_sequence else max(m.left_at_sequence) end
        from members m join chats c on c.id = m.chat_id
        where m.chat_id = $1 and m.principal_id = $2
        group by c.id
        """;

    // Per interval of membership, so that each is one walk along the primary key. $3 and $4 are exclusive bounds.
    private static readonly string ReadPage = $"""
        with seen as (
            select case when bool_or(left_at_sequence is null) then {ShownEvent.Forever} else max(left_at_sequence) end as until
            from members where chat_id = $1 and principal_id = $2
        ),
        page as materialized (
            select e.* from members m
            cross join lateral (
                select e.* from events e
                where e.chat_id = $1 and e.sequence >= m.joined_at_sequence and e.sequence <= coalesce(m.left_at_sequence, $4)
                    and e.sequence > $3 and e.sequence < $4
                order by e.sequence limit $5
            ) e
            where m.chat_id = $1 and m.principal_id = $2
            order by e.sequence limit $5
        )
        select {ShownEvent.Columns("$2", "seen.until")}
        from page e cross join seen
        {ShownEvent.Joins("$2")}
        order by e.sequence
        """;

#if PLANTED_BUGS
    private static readonly string ReadUnfiltered = $"""
        select {ShownEvent.Columns("$2", ShownEvent.Forever)} from events e {ShownEvent.Joins("$2")} where e.chat_id = $1 and $2 <> 0 and e.sequence > $3 and e.sequence < $4 order by e.sequence limit $5
        """;
#endif

    private const string IsMember = """
        select exists (select from members where chat_id = $1 and principal_id = $2 and left_at_sequence is null)
        """;

    private static readonly string ReadPinned = $"""
        with page as materialized (
            select e.* from message_changes p join events e on e.chat_id = p.chat_id and e.sequence = p.sequence
            where p.chat_id = $1 and p.pinned_at is not null and exists (
                select from members v where v.chat_id = $1 and v.principal_id = $2
                    and p.sequence between v.joined_at_sequence and coalesce(v.left_at_sequence, p.sequence))
        )
        select {ShownEvent.Columns("$2", ShownEvent.Forever)} from page e {ShownEvent.Joins("$2")} order by e.sequence
        """;

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
            EventRow row = ShownEvent.Read(reader, 0);
            rows++;
            if (row.Sequence > head) continue; // committed between the two statements: not of this page's head, though it took the place of an older one
            textBytes += TextBytes(row);
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

    /// <summary>The pinned messages of a chat that the principal may see, ascending; null if it is not in the chat now.</summary>
    public async Task<IReadOnlyList<EventRow>?> ReadPinnedAsync(long chatId, long principalId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Command(IsMember, chatId, principalId), Command(ReadPinned, chatId, principalId) },
        };
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        if (!reader.GetBoolean(0)) return null;
        await reader.NextResultAsync(ct);
        var pinned = new List<EventRow>();
        while (await reader.ReadAsync(ct)) pinned.Add(ShownEvent.Read(reader, 0));
        return pinned;
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

    /// <summary>An upper bound of what the texts of an event take on the wire; the rest of it is small.</summary>
    private static int TextBytes(EventRow row)
    {
        int bytes = row.Text is null ? 0 : Encoding.UTF8.GetByteCount(row.Text);
        if (row.Details is not { } details) return bytes;
        bytes += details.Content is null ? 0 : Encoding.UTF8.GetByteCount(details.Content);
        bytes += details.Previous is null ? 0 : Encoding.UTF8.GetByteCount(details.Previous);
        bytes += details.Changes?.OwnReaction is { } own ? Encoding.UTF8.GetByteCount(own) : 0;
        foreach (ReactionCount reaction in details.Changes?.Reactions ?? []) bytes += Encoding.UTF8.GetByteCount(reaction.Emoji) + MaxCountBytes;
        return bytes;
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<long> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (long value in values)
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        return command;
    }
}

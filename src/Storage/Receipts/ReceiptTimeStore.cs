using Chat.Storage.Messages;
using Npgsql;

namespace Chat.Storage.Receipts;

/// <summary>Reads who has a message and since when, and deletes times that are kept no longer. Thread-safe.</summary>
public sealed class ReceiptTimeStore(NpgsqlDataSource source)
{
    /// <summary>
    /// How far the clock of a node, which says when a watermark moved, may be behind that of the database, which says when a message came.
    /// Beyond it a time is not found; none is ever wrong by it.
    /// </summary>
    private const int ClockMinutes = 10;

    private static readonly string Judge = $"""
        select c.kind = 3, e.sender_id, e.created_at, changed.deleted_at is not null
        from members me join chats c on c.id = me.chat_id
        left join events e on e.chat_id = c.id and e.sequence = $3 and e.kind = 1
            and e.sequence > me.cleared_up_to and {HiddenStore.Shows("$2")} and (c.kind = 3 or exists (
                select from members past where past.chat_id = c.id and past.principal_id = $2
                    and $3 between past.joined_at_sequence and coalesce(past.left_at_sequence, $3) and $3 > past.cleared_up_to))
        left join message_changes changed on changed.chat_id = c.id and changed.sequence = e.sequence
        where me.chat_id = $1 and me.principal_id = $2 and me.left_at_sequence is null
        """;

    // Who came later, or came back later, did not get the message as a member: what their watermarks say of it is nothing.
    private const string Shown = $"""
        select m.principal_id, {ShownWatermarks.Delivered} as delivered, {ShownWatermarks.Read} as read
        from members m
        join chats c on c.id = m.chat_id
        join members me on me.chat_id = m.chat_id and me.principal_id = $2 and me.left_at_sequence is null
        where m.chat_id = $1 and m.principal_id <> $2 and m.left_at_sequence is null and m.joined_at_sequence <= $3
        """;

    private const string Count = $"""
        select count(*) filter (where s.delivered >= $3), count(*) filter (where s.read >= $3), count(*) from ({Shown}) s
        """;

    // The first minute that reached the message is when it was delivered or read, if the watermark was below it before: else the minute in
    // which that was is not known. Looked for only where it is shown that it was, from the message's own minute on.
    private const string List = $"""
        select s.principal_id, s.delivered >= $3, s.read >= $3,
            case when delivered.before < $3 then delivered.minute end, case when read.before < $3 then read.minute end
        from ({Shown} and m.principal_id > $4 order by m.principal_id limit $5) s
        left join lateral (
            select r.minute, r.delivered_before as before from receipt_minutes r
            where r.chat_id = $1 and r.principal_id = s.principal_id and r.minute >= $6 and r.delivered >= $3 and s.delivered >= $3
            order by r.minute limit 1
        ) delivered on true
        left join lateral (
            select r.minute, r.read_before as before from receipt_minutes r
            where r.chat_id = $1 and r.principal_id = s.principal_id and r.minute >= $6 and r.read >= $3 and s.read >= $3
            order by r.minute limit 1
        ) read on true
        order by s.principal_id
        """;

    private const string Delete = """
        delete from receipt_minutes where ctid = any(array(
            select r.ctid from receipt_minutes r where r.minute < $1 order by r.minute limit $2))
        """;

    /// <summary>Whole minutes since the Unix epoch.</summary>
    public static int MinuteOf(DateTimeOffset at) => (int)(at.ToUnixTimeSeconds() / 60);

    /// <summary>Who of the others has a message of the asker's, as the asker may know (protocol-spec.md §8.7).</summary>
    /// <param name="afterPrincipalId">The last one of the page before; 0 for the first page.</param>
    public async Task<MessageReceipts> ReadAsync(
        long chatId, long askerId, long sequence, long afterPrincipalId, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        (MessageReceiptsStatus status, DateTimeOffset sentAt) = await JudgeAsync(connection, chatId, askerId, sequence, ct);
        if (status != MessageReceiptsStatus.Found) return MessageReceipts.Refused(status);

        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command(Count, chatId, askerId, sequence),
                Command(List, chatId, askerId, sequence, afterPrincipalId, limit + 1),
            },
        };
        batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<int> { TypedValue = MinuteOf(sentAt) - ClockMinutes });
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        (int delivered, int read, int all) = ((int)reader.GetInt64(0), (int)reader.GetInt64(1), (int)reader.GetInt64(2));

        await reader.NextResultAsync(ct);
        var members = new List<MemberReceiptRow>();
        while (await reader.ReadAsync(ct))
        {
            if (members.Count == limit) return new MessageReceipts(status, members, HasMore: true, delivered, read, all);
            members.Add(new MemberReceiptRow(
                reader.GetInt64(0), reader.GetBoolean(1), reader.GetBoolean(2), ReadTime(reader, 3, sentAt), ReadTime(reader, 4, sentAt)));
        }
        return new MessageReceipts(status, members, HasMore: false, delivered, read, all);
    }

    /// <summary>Deletes some of the minutes before one, the oldest first, and says how many.</summary>
    public async Task<int> DeleteBeforeAsync(int minute, int limit, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Delete);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = minute });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        return await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<(MessageReceiptsStatus Status, DateTimeOffset SentAt)> JudgeAsync(
        NpgsqlConnection connection, long chatId, long askerId, long sequence, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Judge, connection);
        foreach (long value in (long[])[chatId, askerId, sequence])
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? ReadJudged(reader, askerId) : (MessageReceiptsStatus.ChatNotFound, default);
    }

    private static (MessageReceiptsStatus Status, DateTimeOffset SentAt) ReadJudged(NpgsqlDataReader reader, long askerId)
    {
        if (reader.IsDBNull(1)) return (MessageReceiptsStatus.MessageNotFound, default);
        if (reader.GetInt64(1) != askerId) return (MessageReceiptsStatus.NotTheSender, default);
        if (reader.GetBoolean(0)) return (MessageReceiptsStatus.NoReceipts, default);
        return (reader.GetBoolean(3) ? MessageReceiptsStatus.MessageDeleted : MessageReceiptsStatus.Found, new DateTimeOffset(reader.GetDateTime(2)));
    }

    /// <summary>Not before the message, whose minute may have begun before it.</summary>
    private static DateTimeOffset? ReadTime(NpgsqlDataReader reader, int column, DateTimeOffset sentAt)
    {
        if (reader.IsDBNull(column)) return null;
        DateTimeOffset minute = DateTimeOffset.FromUnixTimeSeconds(reader.GetInt32(column) * 60L);
        return minute > sentAt ? minute : sentAt;
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<long> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (long value in values)
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        return command;
    }
}

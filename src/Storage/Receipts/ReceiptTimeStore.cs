using Chat.Storage.Messages;
using Npgsql;

namespace Chat.Storage.Receipts;

/// <summary>Reads who has a message and since when, and deletes times that are kept no longer. Thread-safe.</summary>
public sealed class ReceiptTimeStore(NpgsqlDataSource source)
{
    /// <summary>
    /// How far the clock of a node, which says when a watermark moved, may be behind that of the database, which says when a message came:
    /// beyond it a time is not found. Up to it a time is as wrong as that clock is, but neither before the message nor in the future.
    /// </summary>
    private const int ClockMinutes = 10;

    /// <summary>Minutes in which one is as good as another to be delivered in.</summary>
    private const int DeliveredStep = 10;

    /// <summary>
    /// Rows of one member that are looked at from the message on. Who read so long after it that there are more is shown without the time: a
    /// device that gets something round the clock makes them in three days and a half.
    /// </summary>
    private const int MaxMinutes = 500;

    private static readonly string Judge = $"""
        select c.kind = 3, e.sender_id, e.created_at, changed.deleted_at is not null, now()
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

    private static readonly string List = $"""
        select s.principal_id, s.delivered >= $3, s.read >= $3, delivered.minute, read.minute
        from ({Shown} and m.principal_id > $4 order by m.principal_id limit $5) s
        left join lateral ({MinuteFor("delivered")}) delivered on true
        left join lateral ({MinuteFor("read")}) read on true
        order by s.principal_id
        """;

    private const string Delete = """
        delete from receipt_minutes where ctid = any(array(
            select r.ctid from receipt_minutes r where r.minute < $1 order by r.minute limit $2))
        """;

    /// <summary>Whole minutes since the Unix epoch.</summary>
    public static int MinuteOf(DateTimeOffset at) => (int)(at.ToUnixTimeSeconds() / 60);

    /// <summary>The first of the ten minutes in which one lies.</summary>
    public static int StepOf(int minute) => minute - (minute % DeliveredStep);

    /// <summary>Who of the others has a message of the asker's, as the asker may know (protocol-spec.md §8.7).</summary>
    /// <param name="afterPrincipalId">The last one of the page before; 0 for the first page.</param>
    public async Task<MessageReceipts> ReadAsync(
        long chatId, long askerId, long sequence, long afterPrincipalId, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        JudgedMessage message = await JudgeAsync(connection, chatId, askerId, sequence, ct);
        if (message.Status != MessageReceiptsStatus.Found) return MessageReceipts.Refused(message.Status);

        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command(Count, chatId, askerId, sequence),
                Command(List, chatId, askerId, sequence, afterPrincipalId, limit + 1),
            },
        };
        batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<int> { TypedValue = StepOf(MinuteOf(message.SentAt) - ClockMinutes) });
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        (int delivered, int read, int all) = ((int)reader.GetInt64(0), (int)reader.GetInt64(1), (int)reader.GetInt64(2));

        await reader.NextResultAsync(ct);
        var members = new List<MemberReceiptRow>();
        while (await reader.ReadAsync(ct))
        {
            if (members.Count == limit) return new MessageReceipts(message.Status, members, HasMore: true, delivered, read, all);
            members.Add(ReadMember(reader, message));
        }
        return new MessageReceipts(message.Status, members, HasMore: false, delivered, read, all);
    }

    /// <summary>Deletes some of the minutes before one, the oldest first, and says how many.</summary>
    public async Task<int> DeleteBeforeAsync(int minute, int limit, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Delete);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = minute });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        return await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<JudgedMessage> JudgeAsync(
        NpgsqlConnection connection, long chatId, long askerId, long sequence, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Judge, connection);
        foreach (long value in (long[])[chatId, askerId, sequence])
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? ReadJudged(reader, askerId) : new JudgedMessage(MessageReceiptsStatus.ChatNotFound);
    }

    private static JudgedMessage ReadJudged(NpgsqlDataReader reader, long askerId)
    {
        if (reader.IsDBNull(1)) return new JudgedMessage(MessageReceiptsStatus.MessageNotFound);
        if (reader.GetInt64(1) != askerId) return new JudgedMessage(MessageReceiptsStatus.NotTheSender);
        if (reader.GetBoolean(0)) return new JudgedMessage(MessageReceiptsStatus.NoReceipts);
        if (reader.GetBoolean(3)) return new JudgedMessage(MessageReceiptsStatus.MessageDeleted);
        return new JudgedMessage(MessageReceiptsStatus.Found, new DateTimeOffset(reader.GetDateTime(2)), new DateTimeOffset(reader.GetDateTime(4)));
    }

    /// <summary>It was delivered by the end of its ten minutes, and no later than it was read.</summary>
    private static MemberReceiptRow ReadMember(NpgsqlDataReader reader, in JudgedMessage message)
    {
        DateTimeOffset? readAt = reader.IsDBNull(4) ? null : message.Bound(reader.GetInt32(4));
        DateTimeOffset? deliveredAt = reader.IsDBNull(3) ? readAt : message.Bound(StepOf(reader.GetInt32(3)) + DeliveredStep);
        if (readAt < deliveredAt) deliveredAt = readAt;
        return new MemberReceiptRow(reader.GetInt64(0), reader.GetBoolean(1), reader.GetBoolean(2), deliveredAt, readAt);
    }

    /// <summary>
    /// The minute in which a watermark went over the message, from the message's own on. Looked for only where it is shown that it did, and in
    /// no more than <see cref="MaxMinutes"/> rows; a row that says nothing of this watermark has 0. Rows may be a little out of order, since
    /// nodes have clocks: of the first ones that reach the message one went over it, or else the minute is not known.
    /// </summary>
    private static string MinuteFor(string watermark) => $"""
        select reached.minute from (
            select r.minute, r.{watermark}_before as before from (
                select * from receipt_minutes a where a.chat_id = $1 and a.principal_id = s.principal_id and a.minute >= $6
                order by a.minute limit {MaxMinutes}
            ) r
            where r.{watermark} >= $3 and s.{watermark} >= $3 order by r.minute limit 3
        ) reached
        where reached.before < $3 order by reached.minute limit 1
        """;

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<long> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (long value in values)
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        return command;
    }

    /// <summary>Whether anything is told of a message; and between which times everything lies that is.</summary>
    private readonly record struct JudgedMessage(MessageReceiptsStatus Status, DateTimeOffset SentAt = default, DateTimeOffset Now = default)
    {
        /// <summary>When a minute began, but not after now, by a clock that is ahead, nor before the message, which came within it.</summary>
        public DateTimeOffset Bound(int minute)
        {
            DateTimeOffset at = DateTimeOffset.FromUnixTimeSeconds(minute * 60L);
            if (at > Now) at = Now;
            return at > SentAt ? at : SentAt;
        }
    }
}

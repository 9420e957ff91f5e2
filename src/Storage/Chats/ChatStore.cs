using Chat.Storage.Messages;
using Chat.Storage.Receipts;
using Npgsql;

namespace Chat.Storage.Chats;

/// <summary>Reads chats as one of their members sees them. Thread-safe.</summary>
public sealed class ChatStore(NpgsqlDataSource source)
{
    // The page is cut first; what costs more (the others' watermarks, the last event, the peer's name) is looked up for its rows only.
    // The newest event that is shown by itself: what was done to a message since is shown with the message. It is looked for a little way back.
    private static readonly string SelectPage = $"""
        select p.id, p.kind, p.epoch, p.name, p.role, p.joined_at_sequence, p.head_sequence, p.delivered_up_to, p.read_up_to,
            case when p.blocked or p.kind = 3 then 0 else coalesce(o.delivered, p.head_sequence) end,
            case when p.blocked or p.kind = 3 or p.kind = 1 and p.hides_reads then 0 else coalesce(o.read, p.head_sequence) end,
            p.member_count, peer.id, peer.name,
            p.created_at, p.last_activity_at, {CountUnread("p.id", "greatest(p.read_up_to, p.cleared_up_to)", "p.head_sequence")},
            named.count, named.first,
            {ShownEvent.Columns("$1", ShownEvent.Forever)},
            {OwnSettings.Columns}
        from page p
        left join lateral (
            select min(delivered_up_to) as delivered, min(case when hides_reads then 0 else read_up_to end) as read from members
            where chat_id = p.id and principal_id <> $1 and left_at_sequence is null and p.kind <> 3
        ) o on true
        cross join lateral ({MentionStore.CountUnread("$1", "p.id", "greatest(p.read_up_to, p.cleared_up_to)", "p.head_sequence")}) named
        left join drafts d on d.principal_id = $1 and d.chat_id = p.id
        left join principals peer on peer.id = case when p.low_principal_id = $1 then p.high_principal_id else p.low_principal_id end
        left join lateral (
            select * from events e
            where e.chat_id = p.id and e.sequence > p.head_sequence - 200
                and e.sequence between case p.kind when 3 then 1 else p.joined_at_sequence end and p.head_sequence
                and e.sequence > p.cleared_up_to and e.kind not between 10 and 14 and e.kind <> 16 and {HiddenStore.Shows("$1")}
            order by e.sequence desc limit 1
        ) e on true
        {ShownEvent.Joins("$1")}
        order by p.last_activity_at desc, p.id desc
        """;

    private const string PageColumns =
        "c.*, m.role, m.joined_at_sequence, m.delivered_up_to, m.read_up_to, m.hides_reads, " + OwnSettings.PageColumns;

    private static readonly string FindOne = $"""
        with page as materialized (
            select {PageColumns} from members m join chats c on c.id = m.chat_id
            where m.principal_id = $1 and m.chat_id = $2 and m.left_at_sequence is null
        )
        {SelectPage}
        """;

    private static readonly string List = $"""
        with page as materialized (
            select {PageColumns} from members m join chats c on c.id = m.chat_id
            where m.principal_id = $1 and m.left_at_sequence is null and c.kind = any($2) and (c.last_activity_at, c.id) < ($3, $4)
            order by c.last_activity_at desc, c.id desc limit $5
        )
        {SelectPage}
        """;

    private const string IsMember = """
        select exists (select from members where chat_id = $1 and principal_id = $2 and left_at_sequence is null)
        """;

    // Who is in a channel is for its admins.
    private const string MaySeeMembers = """
        select c.kind = 3, c.kind <> 3 or m.role = 2 from members m join chats c on c.id = m.chat_id
        where m.chat_id = $1 and m.principal_id = $2 and m.left_at_sequence is null
        """;

    private const string ListMembers = $"""
        select m.principal_id, p.name, m.role, {ShownWatermarks.Delivered}, {ShownWatermarks.Read}, m.joined_at_sequence
        from members m
        join principals p on p.id = m.principal_id
        join chats c on c.id = m.chat_id
        join members me on me.chat_id = m.chat_id and me.principal_id = $4 and me.left_at_sequence is null
        where m.chat_id = $1 and m.principal_id > $2 and m.left_at_sequence is null
        order by m.principal_id limit $3
        """;

    private static readonly string CountOne = "select " + CountUnread("$1", "$2", "$3");

    private static readonly string CountMentions = MentionStore.CountUnread("$1", "$2", "$3", "$4");

    private static readonly DateTime EndOfTime = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);

    /// <summary>One chat, the inbox included; null if the principal is not in it now.</summary>
    public async Task<ChatRow?> FindAsync(long chatId, long principalId, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(FindOne);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chatId });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }

    /// <summary>The principal's direct chats, groups and channels, the most recently active first.</summary>
    /// <param name="after">The place where the page before ended; null for the first page.</param>
    /// <param name="groupsOnly">Leaves direct chats and channels out.</param>
    public async Task<ChatPage> ListAsync(long principalId, ChatListCursor? after, int limit, CancellationToken ct, bool groupsOnly = false)
    {
        short[] kinds = groupsOnly ? [ChatKinds.Group] : [ChatKinds.Direct, ChatKinds.Group, ChatKinds.Channel];
        DateTime before = after is { } cursor ? DateTime.UnixEpoch.AddMicroseconds(cursor.LastActivityMicros) : EndOfTime;
        await using NpgsqlCommand command = source.CreateCommand(List);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        command.Parameters.Add(new NpgsqlParameter<short[]> { TypedValue = kinds });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = before });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after?.ChatId ?? long.MaxValue });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit + 1 });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);

        var chats = new List<ChatRow>();
        ChatListCursor? last = null;
        while (await reader.ReadAsync(ct))
        {
            if (chats.Count == limit) return new ChatPage(chats, last);
            chats.Add(Read(reader));
            long micros = (reader.GetDateTime(15) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            last = new ChatListCursor(micros, reader.GetInt64(0));
        }
        return new ChatPage(chats, Next: null);
    }

    /// <summary>Messages of a chat above one sequence and up to another.</summary>
    public async Task<long> CountUnreadAsync(long chatId, long readUpTo, long headSequence, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(CountOne);
        foreach (long value in (long[])[chatId, readUpTo, headSequence])
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>The messages of a chat above one sequence and up to another that mention the principal; null for none.</summary>
    public async Task<UnreadMentions?> CountMentionsAsync(long chatId, long principalId, long readUpTo, long headSequence, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(CountMentions);
        foreach (long value in (long[])[principalId, chatId, readUpTo, headSequence])
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return ReadMentions(reader, 0);
    }

    /// <summary>Current members in the order of their ids; null when the asker is not one.</summary>
    /// <param name="afterPrincipalId">The last one of the page before; 0 for the first page.</param>
    public async Task<MemberPage?> ListMembersAsync(long chatId, long askerId, long afterPrincipalId, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Command(MaySeeMembers, chatId, askerId), Command(ListMembers, chatId, afterPrincipalId, limit + 1, askerId) },
        };
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;
        bool isChannel = reader.GetBoolean(0);
        if (!reader.GetBoolean(1)) return new MemberPage(chatId, [], HasMore: false, isChannel, IsAllowed: false);

        await reader.NextResultAsync(ct);
        var members = new List<MemberRow>();
        while (await reader.ReadAsync(ct))
        {
            if (members.Count == limit) return new MemberPage(chatId, members, HasMore: true, isChannel);
            members.Add(new MemberRow(
                reader.GetInt64(0), reader.GetString(1), reader.GetInt16(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)));
        }
        return new MemberPage(chatId, members, HasMore: false, isChannel);
    }

    public async Task<bool> IsMemberAsync(long chatId, long principalId, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(IsMember);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chatId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>All events in between but the quiet ones, of which the last on either side says how many there are.</summary>
    internal static string CountUnread(string chat, string after, string upTo) => $"""
        case when {after} >= {upTo} then 0 else {upTo} - {after} + coalesce((
            select q.ordinal from quiet_events q where q.chat_id = {chat} and q.sequence <= {after} order by q.sequence desc limit 1), 0) - coalesce((
            select q.ordinal from quiet_events q where q.chat_id = {chat} and q.sequence <= {upTo} order by q.sequence desc limit 1), 0) end
        """;

    private const int FirstOfEvent = 19;

    private static ChatRow Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetInt16(1),
        reader.GetInt64(2),
        reader.IsDBNull(3) ? null : reader.GetString(3),
        reader.GetInt16(4),
        reader.GetInt64(5),
        reader.GetInt64(6),
        reader.GetInt64(7),
        reader.GetInt64(8),
        reader.GetInt64(9),
        reader.GetInt64(10),
        reader.GetInt32(11),
        reader.IsDBNull(12) ? null : reader.GetInt64(12),
        reader.IsDBNull(13) ? null : reader.GetString(13),
        reader.IsDBNull(FirstOfEvent) ? null : ShownEvent.Read(reader, FirstOfEvent),
        new DateTimeOffset(reader.GetDateTime(14)).ToUnixTimeMilliseconds(),
        new DateTimeOffset(reader.GetDateTime(15)).ToUnixTimeMilliseconds(),
        reader.GetInt16(1) == ChatKinds.Inbox ? 0 : reader.GetInt64(16),
        OwnSettings.ReadOwn(reader, FirstOfEvent + ShownEvent.ColumnCount),
        OwnSettings.ReadDetails(reader, FirstOfEvent + ShownEvent.ColumnCount),
        ReadMentions(reader, 17));

    private static UnreadMentions? ReadMentions(NpgsqlDataReader reader, int first) =>
        reader.IsDBNull(first + 1) ? null : new UnreadMentions((int)reader.GetInt64(first), reader.GetInt64(first + 1));

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<long> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (long value in values)
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        return command;
    }
}

using System.Globalization;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Npgsql;

namespace Chat.Storage.Push;

/// <summary>Reads what is to be told to whom when nobody is connected to hear it (ADR 0027). Thread-safe.</summary>
public sealed class PushReceivers(NpgsqlDataSource source)
{
    /// <summary>Messages of one chat that are told of at once: of more, the newest. And before them so many that mention somebody.</summary>
    public const int MaxMessages = 50;

    /// <summary>Events after those that are told, of which the writers are looked at.</summary>
    private const int MaxLater = 200;

    /// <summary>Unread chats that are counted at most.</summary>
    public const int MaxBadge = 99;

    /// <summary>Unread chats are counted for those who are told something in a chat of at most so many; it is a look at all of a person's chats.</summary>
    private const int MaxCountedMembers = 256;

    // By the end of an index: where many rows were deleted, the table may begin with pages of nothing.
    private const string Any = "select max(device_id) is not null from push_subscriptions";

    // Most chats have nobody who wants to be pushed to: a look at the members' keys ends with the first who does.
    private const string FindWatched = """
        select t.id from unnest($1) as t (id) where exists (
            select from members m join push_subscriptions s on s.principal_id = m.principal_id where m.chat_id = t.id and m.left_at_sequence is null)
        """;

    // A block closes a direct chat for both. Only what is a message now: one that was deleted meanwhile is told to nobody. In a channel nothing
    // is addressed to anybody. What mentions somebody passes their mute however many messages came after it.
    private static readonly string ReadMessages = $"""
        with told as materialized (
            (select e.sequence from events e left join message_changes c on c.chat_id = e.chat_id and c.sequence = e.sequence
                where e.chat_id = $1 and e.sequence between $2 and $3 and e.kind = 1 and c.deleted_at is null
                order by e.sequence desc limit {MaxMessages.ToString(CultureInfo.InvariantCulture)})
            union
            (select distinct n.sequence from mentions n where n.chat_id = $1 and n.sequence between $2 and $3
                order by n.sequence desc limit {MaxMessages.ToString(CultureInfo.InvariantCulture)})
        )
        select ch.name, ch.member_count, p.name, case when ch.kind <> 3 then array(
                select n.principal_id from mentions n where n.chat_id = e.chat_id and n.sequence = e.sequence
                union
                select t.sender_id from events t
                where t.chat_id = e.chat_id and t.sequence = e.target_sequence and t.kind = 1 and t.sender_id <> e.sender_id) end,
            {ShownEvent.Columns("0", ShownEvent.Forever)}
        from chats ch
        cross join told
        join events e on e.chat_id = ch.id and e.sequence = told.sequence
        {ShownEvent.Joins("0")}
        join principals p on p.id = e.sender_id
        where ch.id = $1 and ch.kind <> 5 and not ch.blocked and e.chat_id = $1 and e.kind = 1 and c.deleted_at is null
        order by e.sequence
        """;

    // Whoever writes has read what came before, though another node stores their mark later. As far as it matters: what is told is seconds old.
    private const string ReadLaterWriters = """
        select distinct l.sender_id from (
            select e.sender_id, e.kind from events e where e.chat_id = $1 and e.sequence > $2 order by e.sequence limit $3) l
        where l.kind = 1
        """;

    private const string SelectTargets = """
        select s.device_id, s.principal_id, s.transport, s.endpoint, s.p256dh, s.auth, s.content, s.faults,
            greatest(m.read_up_to, m.cleared_up_to), m.joined_at_sequence, called.ids, called.names, hidden.sequences,
            coalesce(m.muted_until > clock_timestamp(), false), blocked.ids
        from members m
        join push_subscriptions s on s.principal_id = m.principal_id
        left join lateral (
            select array_agg(k.contact_id) as ids, array_agg(k.name) as names
            from contacts k where k.principal_id = m.principal_id and k.contact_id = any($5) and k.name is not null
        ) called on true
        left join lateral (
            select array_agg(h.sequence) as sequences
            from hidden_messages h where h.principal_id = m.principal_id and h.chat_id = $1 and h.sequence between $7 and $6
        ) hidden on true
        left join lateral (
            select array_agg(b.blocked_id) as ids
            from blocks b where b.principal_id = m.principal_id and b.principal_id = any($8) and b.blocked_id = any($5)
        ) blocked on true
        """;

    // A sign-in that ran out has no refresh token that is good. One at an app of the person's own has none at all: it ran out where the app made
    // no token for it in as long as a refresh token is good by default.
    private const string IsSignedIn = """
        (exists (select from refresh_tokens r where r.device_id = s.device_id and r.expires_at > clock_timestamp())
            or exists (
                select from issued_devices i join devices d on d.id = i.device_id
                where i.device_id = s.device_id and d.revoked_at is null and d.last_used_at > clock_timestamp() - interval '60 days'))
        """;

    // What is addressed to somebody is told though they muted the chat.
    private const string MayBeNew = $"""
        m.chat_id = $1 and m.left_at_sequence is null
            and (m.muted_until is null or m.muted_until <= clock_timestamp() or m.principal_id = any($8))
            and m.read_up_to < $6 and m.cleared_up_to < $6 and m.joined_at_sequence <= $6 and {IsSignedIn}
        """;

    // By the members, of whom a page reads as many as it must, in the order of their keys: a channel of 20,000 is walked once, page by page,
    // and 100,000 subscriptions of others are not looked at. What one of them calls the writers is looked up for those who are found only.
    private const string ListTargets = $"""
        {SelectTargets}
        where {MayBeNew} and m.principal_id >= $2 and (m.principal_id > $2 or s.device_id > $3)
        order by m.principal_id, s.device_id limit $4
        """;

    private const string FindTarget = $"""
        {SelectTargets}
        where {MayBeNew} and m.principal_id = $2 and s.device_id = $3 limit $4
        """;

    private const string ListOwn = $"""
        select s.device_id, s.principal_id, s.transport, s.endpoint, s.p256dh, s.auth, s.content, s.faults
        from push_subscriptions s where s.principal_id = $1 and {IsSignedIn}
        """;

    // A person's unread chats, muted ones apart, as far as they are counted.
    private static readonly string CountBadges = $"""
        select t.id, (
            select count(*) from (
                select from members m join chats c on c.id = m.chat_id
                where m.principal_id = t.id and m.left_at_sequence is null and c.kind in (1, 2, 3)
                    and (m.muted_until is null or m.muted_until <= clock_timestamp())
                    and c.head_sequence > greatest(m.read_up_to, m.cleared_up_to)
                    and {ChatStore.CountUnread("c.id", "greatest(m.read_up_to, m.cleared_up_to)", "c.head_sequence")} > 0
                limit {MaxBadge.ToString(CultureInfo.InvariantCulture)}
            ) unread)
        from unnest($1) as t (id)
        """;

    private const string ReadCall = """
        select p.id, ch.id, case when ch.kind <> 1 then ch.name end, l.caller_id, coalesce(k.name, w.name), l.kind, s.state,
            case when s.state = 1 then coalesce(s.due_at - clock_timestamp(), interval '0') else interval '0' end
        from principals p
        join call_participants s on s.principal_id = p.id and s.call_id = $2
        join calls l on l.id = s.call_id
        join chats ch on ch.id = l.chat_id
        join principals w on w.id = l.caller_id
        left join contacts k on k.principal_id = p.id and k.contact_id = l.caller_id
        where p.inbox_chat_id = $1
        """;

    /// <summary>Whether anybody wants to be pushed to.</summary>
    public async Task<bool> AnyAsync(CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Any);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Those of the chats in which anybody wants to be pushed to.</summary>
    public async Task<IReadOnlyList<long>> FindWatchedAsync(long[] chatIds, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(FindWatched);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = chatIds });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<long> watched = [];
        while (await reader.ReadAsync(ct)) watched.Add(reader.GetInt64(0));
        return watched;
    }

    /// <summary>What is there between two sequences; null when that is nothing to tell of.</summary>
    public async Task<ToldChat?> ReadChatAsync(long chatId, long from, long upTo, CancellationToken ct) =>
        await ReadMessagesAsync(chatId, from, upTo, ct) is { } chat ? chat with { WroteLater = await ReadLaterWritersAsync(chatId, upTo, ct) } : null;

    private async Task<ToldChat?> ReadMessagesAsync(long chatId, long from, long upTo, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ReadMessages);
        foreach (long value in (long[])[chatId, from, upTo]) command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<ToldMessage> messages = [];
        (string? name, int members) = (null, 0);
        while (await reader.ReadAsync(ct))
        {
            (name, members) = (Text(reader, 0), reader.GetInt32(1));
            EventRow row = ShownEvent.Read(reader, 4);
            messages.Add(new ToldMessage(
                row.Sequence, row.SenderId, reader.GetString(2), row.CreatedAtMs, row.Text ?? "", row.Details?.Content, Ids(reader, 3)));
        }

        if (messages.Count == 0) return null;
        return new ToldChat(chatId, name, members, messages, new HashSet<long>());
    }

    private async Task<HashSet<long>> ReadLaterWritersAsync(long chatId, long after, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ReadLaterWriters);
        foreach (long value in (long[])[chatId, after, MaxLater]) command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        HashSet<long> writers = [];
        while (await reader.ReadAsync(ct)) writers.Add(reader.GetInt64(0));
        return writers;
    }

    /// <summary>A page of those in the chat to whom something of it may be new, by person and device.</summary>
    /// <param name="afterPrincipalId">Of the last one of the page before; 0 at first.</param>
    /// <param name="afterDeviceId">Likewise.</param>
    public Task<IReadOnlyList<ChatTarget>> ListAsync(ToldChat chat, long afterPrincipalId, long afterDeviceId, int limit, CancellationToken ct) =>
        ListAsync(ListTargets, chat, (afterPrincipalId, afterDeviceId), limit, ct);

    /// <summary>The device as it is now; null when it is reached elsewhere or not at all, or nothing of the chat may be new to its person any more.</summary>
    public async Task<ChatTarget?> FindAsync(ToldChat chat, PushTarget target, CancellationToken ct) =>
        (await ListAsync(FindTarget, chat, (target.PrincipalId, target.DeviceId), 1, ct)).FirstOrDefault(found => found.Target.IsAt(target));

    private async Task<IReadOnlyList<ChatTarget>> ListAsync(
        string sql, ToldChat chat, (long PrincipalId, long DeviceId) key, int limit, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        foreach (long value in (long[])[chat.ChatId, key.PrincipalId, key.DeviceId])
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. chat.Messages.Select(message => message.SenderId).Distinct()] });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chat.Messages[^1].Sequence });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chat.Messages[0].Sequence });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. chat.Messages.SelectMany(message => message.Addressed).Distinct()] });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<ChatTarget> targets = [];
        while (await reader.ReadAsync(ct))
        {
            targets.Add(new ChatTarget(
                ReadTarget(reader), reader.GetInt64(8), reader.GetInt64(9), ReadNames(reader), Ids(reader, 12), reader.GetBoolean(13), Ids(reader, 14)));
        }

        return targets;
    }

    /// <summary>All devices of a person that want to be reached.</summary>
    public async Task<IReadOnlyList<PushTarget>> ListOfAsync(long principalId, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ListOwn);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<PushTarget> targets = [];
        while (await reader.ReadAsync(ct)) targets.Add(ReadTarget(reader));
        return targets;
    }

    /// <summary>How many chats each person has not read, up to <see cref="MaxBadge"/>; nobody is in it where the chat that is told has too many members.</summary>
    public async Task<IReadOnlyDictionary<long, int>> CountBadgesAsync(ToldChat chat, long[] principalIds, CancellationToken ct)
    {
        Dictionary<long, int> badges = [];
        if (principalIds.Length == 0 || chat.MemberCount > MaxCountedMembers) return badges;
        await using NpgsqlCommand command = source.CreateCommand(CountBadges);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = principalIds });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) badges[reader.GetInt64(0)] = (int)reader.GetInt64(1);
        return badges;
    }

    /// <summary>A call as the owner of an inbox hears of it; null when they have no part in it.</summary>
    public async Task<ToldCall?> FindCallAsync(long inboxChatId, long callId, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ReadCall);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = inboxChatId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = callId });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;
        return new ToldCall(
            reader.GetInt64(0), reader.GetInt64(1), Text(reader, 2), reader.GetInt64(3), reader.GetString(4), reader.GetInt16(5), reader.GetInt16(6),
            reader.GetTimeSpan(7));
    }

    private static PushTarget ReadTarget(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt64(1), reader.GetInt16(2), reader.GetString(3),
        reader.IsDBNull(4) ? null : reader.GetFieldValue<byte[]>(4), reader.IsDBNull(5) ? null : reader.GetFieldValue<byte[]>(5),
        reader.GetInt16(6), reader.GetInt32(7));

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static long[] Ids(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? [] : reader.GetFieldValue<long[]>(column);

    private static Dictionary<long, string> ReadNames(NpgsqlDataReader reader)
    {
        Dictionary<long, string> names = [];
        if (reader.IsDBNull(10)) return names;
        long[] ids = reader.GetFieldValue<long[]>(10);
        string[] called = reader.GetFieldValue<string[]>(11);
        for (int i = 0; i < ids.Length; i++) names[ids[i]] = called[i];
        return names;
    }
}

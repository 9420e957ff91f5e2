using System.Globalization;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Npgsql;

namespace Chat.Storage.Push;

/// <summary>Reads what is to be told to whom when nobody is connected to hear it (ADR 0027). Thread-safe.</summary>
public sealed class PushReceivers(NpgsqlDataSource source)
{
    /// <summary>Messages of one chat that are told of at once; of more, the newest.</summary>
    public const int MaxMessages = 50;

    /// <summary>Unread chats that are counted at most.</summary>
    public const int MaxBadge = 99;

    // By the end of an index: where many rows were deleted, the table may begin with pages of nothing.
    private const string Any = "select max(device_id) is not null from push_subscriptions";

    // Most chats have nobody who wants to be pushed to: a look at the members' keys ends with the first who does.
    private const string FindWatched = """
        select t.id from unnest($1) as t (id) where exists (
            select from members m join push_subscriptions s on s.principal_id = m.principal_id where m.chat_id = t.id and m.left_at_sequence is null)
        """;

    // A block closes a direct chat for both. Only what is a message now: one that was deleted meanwhile is told to nobody.
    private static readonly string ReadMessages = $"""
        select ch.name, ch.member_count, p.name, {ShownEvent.Columns("0", ShownEvent.Forever)}
        from chats ch
        join events e on e.chat_id = ch.id
        {ShownEvent.Joins("0")}
        join principals p on p.id = e.sender_id
        where ch.id = $1 and ch.kind <> 5 and not ch.blocked and e.chat_id = $1 and e.sequence between $2 and $3 and e.kind = 1 and c.deleted_at is null
        order by e.sequence desc limit $4
        """;

    // By the members, of whom a page reads as many as it must, in the order of their keys: a channel of 20,000 is walked once, page by page,
    // and 100,000 subscriptions of others are not looked at. What one of them calls the writers is looked up for those who are found only.
    private const string ListTargets = """
        select s.device_id, s.principal_id, s.transport, s.endpoint, s.p256dh, s.auth, s.content, s.faults,
            greatest(m.read_up_to, m.cleared_up_to), m.joined_at_sequence, called.ids, called.names
        from members m
        join push_subscriptions s on s.principal_id = m.principal_id
        left join lateral (
            select array_agg(k.contact_id) as ids, array_agg(k.name) as names
            from contacts k where k.principal_id = m.principal_id and k.contact_id = any($5) and k.name is not null
        ) called on true
        where m.chat_id = $1 and m.left_at_sequence is null and m.principal_id >= $2 and (m.principal_id > $2 or s.device_id > $3)
            and (m.muted_until is null or m.muted_until <= clock_timestamp())
            and m.read_up_to < $6 and m.cleared_up_to < $6 and m.joined_at_sequence <= $6
        order by m.principal_id, s.device_id limit $4
        """;

    private const string ListOwn = """
        select device_id, principal_id, transport, endpoint, p256dh, auth, content, faults from push_subscriptions where principal_id = $1
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
        select p.id, ch.id, case when ch.kind <> 1 then ch.name end, l.caller_id, coalesce(k.name, w.name), l.kind, s.state
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
    public async Task<ToldChat?> ReadChatAsync(long chatId, long from, long upTo, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ReadMessages);
        foreach (long value in (long[])[chatId, from, upTo]) command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MaxMessages });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<ToldMessage> messages = [];
        (string? name, int members) = (null, 0);
        while (await reader.ReadAsync(ct))
        {
            (name, members) = (Text(reader, 0), reader.GetInt32(1));
            EventRow row = ShownEvent.Read(reader, 3);
            messages.Add(new ToldMessage(row.Sequence, row.SenderId, reader.GetString(2), row.CreatedAtMs, row.Text ?? "", row.Details?.Content));
        }

        if (messages.Count == 0) return null;
        messages.Reverse();
        return new ToldChat(chatId, name, members, messages);
    }

    /// <summary>A page of those in the chat to whom something of it may be new, by person and device.</summary>
    /// <param name="afterPrincipalId">Of the last one of the page before; 0 at first.</param>
    /// <param name="afterDeviceId">Likewise.</param>
    public async Task<IReadOnlyList<ChatTarget>> ListAsync(ToldChat chat, long afterPrincipalId, long afterDeviceId, int limit, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ListTargets);
        foreach (long value in (long[])[chat.ChatId, afterPrincipalId, afterDeviceId])
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. chat.Messages.Select(message => message.SenderId).Distinct()] });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chat.Messages[^1].Sequence });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        List<ChatTarget> targets = [];
        while (await reader.ReadAsync(ct)) targets.Add(new ChatTarget(ReadTarget(reader), reader.GetInt64(8), reader.GetInt64(9), ReadNames(reader)));
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

    /// <summary>How many chats each person has not read, up to <see cref="MaxBadge"/>.</summary>
    public async Task<IReadOnlyDictionary<long, int>> CountBadgesAsync(long[] principalIds, CancellationToken ct)
    {
        Dictionary<long, int> badges = [];
        if (principalIds.Length == 0) return badges;
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
            reader.GetInt64(0), reader.GetInt64(1), Text(reader, 2), reader.GetInt64(3), reader.GetString(4), reader.GetInt16(5), reader.GetInt16(6));
    }

    private static PushTarget ReadTarget(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt64(1), reader.GetInt16(2), reader.GetString(3),
        reader.IsDBNull(4) ? null : reader.GetFieldValue<byte[]>(4), reader.IsDBNull(5) ? null : reader.GetFieldValue<byte[]>(5),
        reader.GetInt16(6), reader.GetInt32(7));

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

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

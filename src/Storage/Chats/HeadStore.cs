using Npgsql;

namespace Chat.Storage.Chats;

/// <summary>How far a chat's log goes, or how far somebody has it.</summary>
public readonly record struct ChatHead(long ChatId, long Sequence);

/// <summary>A current membership and how far the chat's log went when it was read.</summary>
/// <param name="IsSilent">A channel: no event of its log says that somebody came or went.</param>
public readonly record struct JoinedChat(long ChatId, long JoinedAtSequence, long HeadSequence, bool IsSilent = false);

/// <summary>Reads how far chats go, for nodes that may not have been told (promise P15). Thread-safe.</summary>
public sealed class HeadStore(NpgsqlDataSource source)
{
    // One walk along the primary key in the order of the ids: 30 ms for 10,000 of a million chats. A join with the known heads, which would
    // send only those that are behind, looks each up on its own and takes four times as long.
    private const string ReadHeads = "select id, head_sequence from chats where id = any($1)";

    private const string ReadHead = "select head_sequence from chats where id = $1";

    // The lock is what makes it wait for whoever holds the row; taken in the order of the ids, as all others do.
    private const string ReadSettled = "select id, head_sequence from chats where id = any($1) order by id for share";

    private const string ReadJoined = """
        select m.chat_id, m.joined_at_sequence, c.head_sequence, c.kind = 3 from members m join chats c on c.id = m.chat_id
        where m.principal_id = $1 and m.chat_id = any($2) and m.left_at_sequence is null
        """;

    /// <summary>Those of the chats whose log goes further than is said here, with their heads.</summary>
    /// <param name="known">Each chat once.</param>
    public async Task<IReadOnlyList<ChatHead>> ReadAheadAsync(IReadOnlyList<ChatHead> known, CancellationToken ct)
    {
        Dictionary<long, long> byChat = known.ToDictionary(chat => chat.ChatId, chat => chat.Sequence);
        await using NpgsqlCommand command = source.CreateCommand(ReadHeads);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. byChat.Keys] });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        var ahead = new List<ChatHead>();
        while (await reader.ReadAsync(ct))
        {
            ChatHead head = new(reader.GetInt64(0), reader.GetInt64(1));
            if (head.Sequence > byChat[head.ChatId]) ahead.Add(head);
        }

        return ahead;
    }

    /// <summary>The chat's highest sequence; 0 if there is no such chat.</summary>
    public async Task<long> ReadHeadAsync(long chatId, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ReadHead);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chatId });
        return (long?)await command.ExecuteScalarAsync(ct) ?? 0;
    }

    /// <summary>
    /// How far chats go when nobody is about to change that: waits for transactions that have locked their rows, up to the session's
    /// <c>lock_timeout</c>. A chat that does not exist is left out.
    /// </summary>
    /// <exception cref="PostgresException">A row stayed locked (55P03), or the server is read-only (25006).</exception>
    public async Task<IReadOnlyList<ChatHead>> ReadSettledAsync(IReadOnlyList<long> chatIds, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ReadSettled);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. chatIds] });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        var heads = new List<ChatHead>(chatIds.Count);
        while (await reader.ReadAsync(ct)) heads.Add(new ChatHead(reader.GetInt64(0), reader.GetInt64(1)));
        return heads;
    }

    /// <summary>Those of the chats that the principal is in now.</summary>
    public async Task<IReadOnlyList<JoinedChat>> ReadJoinedAsync(long principalId, IReadOnlyList<long> chatIds, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ReadJoined);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. chatIds] });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        var joined = new List<JoinedChat>(chatIds.Count);
        while (await reader.ReadAsync(ct))
            joined.Add(new JoinedChat(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetBoolean(3)));
        return joined;
    }
}

using Npgsql;

namespace Chat.Storage.Chats;

/// <summary>How far a chat's log goes, or how far somebody has it.</summary>
public readonly record struct ChatHead(long ChatId, long Sequence);

/// <summary>A current membership and how far the chat's log went when it was read.</summary>
public readonly record struct JoinedChat(long ChatId, long JoinedAtSequence, long HeadSequence);

/// <summary>Reads how far chats go, for nodes that may not have been told (promise P15). Thread-safe.</summary>
public sealed class HeadStore(NpgsqlDataSource source)
{
    // The comparison is made there: nearly all chats are where they are believed to be, and none of those is sent.
    private const string ReadAhead = """
        select c.id, c.head_sequence from unnest($1, $2) as k (id, known) join chats c on c.id = k.id where c.head_sequence > k.known
        """;

    private const string ReadHead = "select head_sequence from chats where id = $1";

    private const string ReadJoined = """
        select m.chat_id, m.joined_at_sequence, c.head_sequence from members m join chats c on c.id = m.chat_id
        where m.principal_id = $1 and m.chat_id = any($2) and m.left_at_sequence is null
        """;

    /// <summary>Those of the chats whose log goes further than is said here, with their heads.</summary>
    public async Task<IReadOnlyList<ChatHead>> ReadAheadAsync(IReadOnlyList<ChatHead> known, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ReadAhead);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. known.Select(chat => chat.ChatId)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. known.Select(chat => chat.Sequence)] });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        var ahead = new List<ChatHead>();
        while (await reader.ReadAsync(ct)) ahead.Add(new ChatHead(reader.GetInt64(0), reader.GetInt64(1)));
        return ahead;
    }

    /// <summary>The chat's highest sequence; 0 if there is no such chat.</summary>
    public async Task<long> ReadHeadAsync(long chatId, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ReadHead);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chatId });
        return (long?)await command.ExecuteScalarAsync(ct) ?? 0;
    }

    /// <summary>Those of the chats that the principal is in now.</summary>
    public async Task<IReadOnlyList<JoinedChat>> ReadJoinedAsync(long principalId, IReadOnlyList<long> chatIds, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(ReadJoined);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = principalId });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. chatIds] });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        var joined = new List<JoinedChat>(chatIds.Count);
        while (await reader.ReadAsync(ct)) joined.Add(new JoinedChat(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)));
        return joined;
    }
}

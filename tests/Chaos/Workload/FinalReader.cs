using Chat.Chaos.Checker;
using Npgsql;

namespace Chat.Chaos.Workload;

/// <summary>Reads the truth out of PostgreSQL.</summary>
internal sealed class FinalReader(string connectionString) : IAsyncDisposable
{
    private const string Chats = "select id, head_sequence, epoch from chats where id = any($1) order by id";

    private const string Events = """
        select sequence, kind, sender_id, client_message_id, body, visibility from events where chat_id = $1 order by sequence
        """;

    private const string Members = """
        select principal_id, joined_at_sequence, left_at_sequence, read_up_to from members where chat_id = $1 order by principal_id, joined_at_sequence
        """;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

    /// <summary>The counters of chats.</summary>
    public async Task<Dictionary<long, (long Head, long Epoch)>> ReadHeadsAsync(long[] chats, CancellationToken ct)
    {
        Dictionary<long, (long, long)> heads = [];
        await using NpgsqlCommand command = _source.CreateCommand(Chats);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = chats });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) heads.Add(reader.GetInt64(0), (reader.GetInt64(1), reader.GetInt64(2)));
        return heads;
    }

    public async Task<IReadOnlyList<FinalChat>> ReadAsync(long[] chats, CancellationToken ct)
    {
        List<FinalChat> found = [];
        foreach ((long chat, (long head, long epoch)) in await ReadHeadsAsync(chats, ct))
            found.Add(new FinalChat(chat, head, epoch, await ReadEventsAsync(chat, ct), await ReadMembersAsync(chat, ct)));
        return found;
    }

    public async Task<IReadOnlyList<FinalMember>> ReadMembersAsync(long chat, CancellationToken ct)
    {
        List<FinalMember> members = [];
        await using NpgsqlCommand command = Command(Members, chat);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            members.Add(new FinalMember(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt64(2), reader.GetInt64(3)));
        return members;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<IReadOnlyList<FinalEvent>> ReadEventsAsync(long chat, CancellationToken ct)
    {
        const short message = 1; // EventKind.Message
        List<FinalEvent> events = [];
        await using NpgsqlCommand command = Command(Events, chat);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            bool isMessage = reader.GetInt16(1) == message;
            events.Add(new FinalEvent(
                reader.GetInt64(0),
                isMessage,
                reader.GetInt64(2),
                isMessage && !reader.IsDBNull(3) ? reader.GetGuid(3) : Guid.Empty,
                isMessage ? ChaosPayload.Hash(reader.GetString(4)) : 0,
                reader.GetInt16(5)));
        }

        return events;
    }

    private NpgsqlCommand Command(string sql, long chat)
    {
        NpgsqlCommand command = _source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chat });
        return command;
    }
}

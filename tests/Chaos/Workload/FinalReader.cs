using System.Data;

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
        select principal_id, joined_at_sequence, left_at_sequence, read_up_to from members where chat_id = $1
        order by principal_id, joined_at_sequence
        """;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

    /// <summary>The counters of chats.</summary>
    public async Task<Dictionary<long, (long Head, long Epoch)>> ReadHeadsAsync(long[] chats, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(ct);
        return await ReadHeadsAsync(connection, chats, ct);
    }

    /// <summary>All of the chats as they are at one moment, even if somebody still writes.</summary>
    public async Task<IReadOnlyList<FinalChat>> ReadAsync(long[] chats, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        List<FinalChat> found = [];
        foreach ((long chat, (long head, long epoch)) in await ReadHeadsAsync(connection, chats, ct))
            found.Add(
                new FinalChat(
                    chat, head, epoch, await ReadEventsAsync(connection, chat, ct), await ReadMembersAsync(connection, chat, ct)));
        return found;
    }

    /// <summary>The intervals of a chat.</summary>
    public async Task<IReadOnlyList<FinalMember>> ReadMembersAsync(long chat, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(ct);
        return await ReadMembersAsync(connection, chat, ct);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async Task<Dictionary<long, (long Head, long Epoch)>> ReadHeadsAsync(
        NpgsqlConnection connection, long[] chats, CancellationToken ct)
    {
        Dictionary<long, (long, long)> heads = [];
        await using NpgsqlCommand command = new(Chats, connection) { Parameters = { new NpgsqlParameter<long[]> { TypedValue = chats } } };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) heads.Add(reader.GetInt64(0), (reader.GetInt64(1), reader.GetInt64(2)));
        return heads;
    }

    private static async Task<IReadOnlyList<FinalMember>> ReadMembersAsync(NpgsqlConnection connection, long chat, CancellationToken ct)
    {
        List<FinalMember> members = [];
        await using NpgsqlCommand command = Command(Members, connection, chat);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            members.Add(
                new FinalMember(
                    reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt64(2), reader.GetInt64(3)));
        return members;
    }

    private static async Task<IReadOnlyList<FinalEvent>> ReadEventsAsync(NpgsqlConnection connection, long chat, CancellationToken ct)
    {
        const short message = 1; // EventKind.Message
        List<FinalEvent> events = [];
        await using NpgsqlCommand command = Command(Events, connection, chat);
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

    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection, long chat) =>
        new(sql, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = chat } } };
}

using Npgsql;
using NpgsqlTypes;

namespace Chat.Storage.Receipts;

/// <summary>Watermarks that one member asked for; 0 leaves one as it is.</summary>
/// <param name="RaisedAt">When, where they are stored a while later; else null.</param>
internal readonly record struct ReceiptMark(
    long ChatId, long PrincipalId, long DeliveredUpTo, long ReadUpTo, DateTimeOffset? RaisedAt = null);

/// <summary>The receipt writer's connection with its statements prepared. The loop only.</summary>
internal sealed class ReceiptConnection : IAsyncDisposable
{
    // Access is by key always; see the chat log's connection.
    private const string Session = """
        set statement_timeout = '5s'; set lock_timeout = '2s'; set idle_in_transaction_session_timeout = '10s';
        set enable_seqscan = off; set plan_cache_mode = force_generic_plan
        """;

    // In one order, so that two nodes cannot wait for each other; as a statement of its own, so that the next one sees fresh rows.
    private const string Lock = """
        select count(*) from (
            select m.chat_id from unnest($1, $2) as i (chat_id, principal_id)
            join members m on m.chat_id = i.chat_id and m.principal_id = i.principal_id and m.left_at_sequence is null
            order by m.chat_id, m.principal_id for no key update of m
        ) locked
        """;

    // What a channel's readers were delivered is nobody's business, and would be a row of each of them for each post.
    private const string Move = """
        with asked as materialized (
            select m.chat_id, m.principal_id, m.joined_at_sequence, i.ordinal, c.member_count, m.delivered_up_to, m.read_up_to,
                case
                    when c.blocked or c.kind = 3 then 2
                    when m.hides_reads then 1
                    when c.kind = 1 and exists (
                        select from members other where other.chat_id = c.id and other.left_at_sequence is null and other.hides_reads) then 1
                    else 0
                end as audience,
                greatest(m.delivered_up_to, least(case when c.kind = 3 then i.read else greatest(i.delivered, i.read) end, c.head_sequence)) as delivered,
                greatest(m.read_up_to, least(i.read, c.head_sequence)) as read
            from unnest($1, $2, $3, $4) with ordinality as i (chat_id, principal_id, delivered, read, ordinal)
            join members m on m.chat_id = i.chat_id and m.principal_id = i.principal_id and m.left_at_sequence is null
            join chats c on c.id = i.chat_id
        ),
        moved as (
            update members m set delivered_up_to = a.delivered, read_up_to = a.read
            from asked a
            where m.chat_id = a.chat_id and m.principal_id = a.principal_id and m.joined_at_sequence = a.joined_at_sequence
                and (a.delivered > a.delivered_up_to or a.read > a.read_up_to)
        )
        select ordinal, delivered, read, member_count, delivered > delivered_up_to or read > read_up_to, audience::smallint,
            case when audience = 0 then 0 else (select p.inbox_chat_id from principals p where p.id = asked.principal_id) end,
            delivered_up_to, read_up_to
        from asked
        """;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlBatch _batch;
    private readonly List<long> _chatIds = [];
    private readonly List<long> _principalIds = [];
    private readonly List<long> _delivered = [];
    private readonly List<long> _read = [];

    private ReceiptConnection(NpgsqlConnection connection)
    {
        _connection = connection;
        var lockMembers = new NpgsqlBatchCommand(Lock) { Parameters = { Parameter(_chatIds), Parameter(_principalIds) } };
        var move = new NpgsqlBatchCommand(Move)
        {
            Parameters = { Parameter(_chatIds), Parameter(_principalIds), Parameter(_delivered), Parameter(_read) },
        };
        _batch = new NpgsqlBatch(connection) { BatchCommands = { lockMembers, move }, Timeout = 6 };
    }

    public static async Task<ReceiptConnection> OpenAsync(NpgsqlDataSource source)
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync();
        try
        {
            await using (var session = new NpgsqlCommand(Session, connection))
                await session.ExecuteNonQueryAsync();
            var opened = new ReceiptConnection(connection);
            await opened._batch.PrepareAsync();
            return opened;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>One transaction. Each pair of chat and principal may stand in <paramref name="marks"/> once.</summary>
    /// <param name="found">Set to true where the principal is a member.</param>
    /// <returns>The watermarks that moved.</returns>
    public async Task<List<ReceiptRow>> ExecuteAsync(IReadOnlyList<ReceiptMark> marks, bool[] found)
    {
        _chatIds.Clear();
        _principalIds.Clear();
        _delivered.Clear();
        _read.Clear();
        foreach (ReceiptMark mark in marks)
        {
            _chatIds.Add(mark.ChatId);
            _principalIds.Add(mark.PrincipalId);
            _delivered.Add(mark.DeliveredUpTo);
            _read.Add(mark.ReadUpTo);
        }

        var moved = new List<ReceiptRow>();
        await using NpgsqlDataReader reader = await _batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            int index = (int)reader.GetInt64(0) - 1;
            found[index] = true;
            if (reader.GetBoolean(4))
                moved.Add(new ReceiptRow(
                    marks[index].ChatId, marks[index].PrincipalId, reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3),
                    (ReceiptAudience)reader.GetInt16(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8),
                    marks[index].RaisedAt));
        }
        // The commit comes after the last row: only the end of the results says that it is through.
        await reader.NextResultAsync();
        return moved;
    }

    public async ValueTask DisposeAsync()
    {
        await _batch.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static NpgsqlParameter<List<long>> Parameter(List<long> values) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };
}

using Npgsql;
using NpgsqlTypes;

namespace Chat.Load.Writer;

/// <summary>
/// What PostgreSQL can do over one connection when nothing is judged: counter rows and one insert, nobody asks whether the sender is a
/// member, whether the id is known, or what is answered to. The measure of the chat log's writer (ADR 0011).
/// </summary>
internal sealed class BareWriter : IAsyncDisposable
{
    private const string OnPlainTables = """
        with m as (
            select *, row_number() over (partition by chat_id order by ord) rn
            from unnest($1, $2, $3, $4) with ordinality t(chat_id, sender_id, id, body, ord)
        ),
        k as (select chat_id, count(*) n from m group by 1),
        l as (select id from bare_chats where id in (select chat_id from k) order by id for update),
        c as (
            update bare_chats set head = head + k.n from k, l where bare_chats.id = k.chat_id and l.id = bare_chats.id
            returning bare_chats.id, bare_chats.head - k.n base
        )
        insert into bare_events (chat_id, sequence, sender_id, client_message_id, body)
        select m.chat_id, c.base + m.rn, m.sender_id, m.id, m.body from m join c on c.id = m.chat_id
        returning chat_id, sequence, client_message_id
        """;

    private const string OnEvents = """
        with m as (
            select *, row_number() over (partition by chat_id order by ord) rn
            from unnest($1, $2, $3, $4) with ordinality t(chat_id, sender_id, id, body, ord)
        ),
        k as (select chat_id, count(*) n from m group by 1),
        l as (select id from chats where id in (select chat_id from k) order by id for update),
        c as (
            update chats set head_sequence = head_sequence + k.n from k, l where chats.id = k.chat_id and l.id = chats.id
            returning chats.id, chats.head_sequence - k.n base
        )
        insert into events (chat_id, sequence, sender_id, client_message_id, body, kind, created_at)
        select m.chat_id, c.base + m.rn, m.sender_id, m.id, m.body, 1, clock_timestamp() from m join c on c.id = m.chat_id
        returning chat_id, sequence, client_message_id
        """;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _command;
    private readonly WriterDatabase _database;
    private readonly Random _random = new(1);
    private readonly List<long> _chats = [];
    private readonly List<long> _senders = [];
    private readonly List<Guid> _ids = [];
    private readonly List<string> _texts = [];

    private BareWriter(NpgsqlConnection connection, string sql, WriterDatabase database)
    {
        (_connection, _command, _database) = (connection, new NpgsqlCommand(sql, connection), database);
        _command.Parameters.Add(new NpgsqlParameter<List<long>> { TypedValue = _chats, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        _command.Parameters.Add(new NpgsqlParameter<List<long>> { TypedValue = _senders, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        _command.Parameters.Add(new NpgsqlParameter<List<Guid>> { TypedValue = _ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        _command.Parameters.Add(new NpgsqlParameter<List<string>> { TypedValue = _texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
    }

    public int ProcessId => _connection.ProcessID;

    public static async Task<BareWriter> OpenAsync(WriterDatabase database, bool onEvents, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false;Application Name=bare");
        await connection.OpenAsync(ct);
        await using (var session = new NpgsqlCommand("set enable_seqscan = off; set plan_cache_mode = force_generic_plan", connection))
            await session.ExecuteNonQueryAsync(ct);
        var writer = new BareWriter(connection, onEvents ? OnEvents : OnPlainTables, database);
        await writer._command.PrepareAsync(ct);
        return writer;
    }

    public async Task WriteAsync(int count, string text, CancellationToken ct)
    {
        _chats.Clear();
        _senders.Clear();
        _ids.Clear();
        _texts.Clear();
        for (int i = 0; i < count; i++)
        {
            int chat = _random.Next(_database.Chats);
            _chats.Add(_database.ChatId(chat));
            _senders.Add(WriterDatabase.MemberOf(chat, second: false));
            _ids.Add(Guid.NewGuid());
            _texts.Add(text);
        }

        await using NpgsqlDataReader reader = await _command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) _ = reader.GetInt64(1);
    }

    public async ValueTask DisposeAsync()
    {
        await _command.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

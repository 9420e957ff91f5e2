using Npgsql;
using NpgsqlTypes;
using PendingAppend = Chat.Storage.Pending<Chat.Storage.ChatLog.NewEvent, Chat.Storage.ChatLog.AppendOutcome>;

namespace Chat.Storage.ChatLog;

/// <summary>The log's connection with its two statements prepared. The loop only.</summary>
internal sealed class AppendConnection : IAsyncDisposable
{
    // Every access is by key. Without this a plan made while a table was small would scan it for as long as the connection lives.
    private const string Session = """
        set statement_timeout = '5s'; set lock_timeout = '2s'; set idle_in_transaction_session_timeout = '10s';
        set enable_seqscan = off; set plan_cache_mode = force_generic_plan
        """;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlBatch _batch;
    private readonly List<long> _chatIds = [];
    private readonly List<long> _senderIds = [];
    private readonly List<short> _kinds = [];
    private readonly List<Guid> _clientMessageIds = [];
    private readonly List<long?> _replyTos = [];
    private readonly List<string> _texts = [];

    private AppendConnection(NpgsqlConnection connection)
    {
        _connection = connection;
        var append = new NpgsqlBatchCommand(AppendSql.Append);
        append.Parameters.Add(Parameter(_chatIds, NpgsqlDbType.Bigint));
        append.Parameters.Add(Parameter(_senderIds, NpgsqlDbType.Bigint));
        append.Parameters.Add(Parameter(_kinds, NpgsqlDbType.Smallint));
        append.Parameters.Add(Parameter(_clientMessageIds, NpgsqlDbType.Uuid));
        append.Parameters.Add(Parameter(_replyTos, NpgsqlDbType.Bigint));
        append.Parameters.Add(Parameter(_texts, NpgsqlDbType.Text));
        var lockChats = new NpgsqlBatchCommand(AppendSql.Lock);
        lockChats.Parameters.Add(Parameter(_chatIds, NpgsqlDbType.Bigint));
        _batch = new NpgsqlBatch(connection) { BatchCommands = { lockChats, append } };
    }

    public static async Task<AppendConnection> OpenAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        try
        {
            await using (var session = new NpgsqlCommand(Session, connection))
                await session.ExecuteNonQueryAsync(ct);
            var opened = new AppendConnection(connection);
            await opened._batch.PrepareAsync(ct);
            return opened;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Runs one transaction. On return it is committed, every item has its outcome and <paramref name="committed"/> holds what the sink is
    /// to hear. On an exception no item was touched; <see cref="AppendFaults"/> says what it means.
    /// </summary>
    /// <param name="timeout">How long to wait for an answer before the connection counts as lost.</param>
    public async Task ExecuteAsync(IReadOnlyList<PendingAppend> items, List<EventRow> committed, TimeSpan timeout)
    {
        Fill(items);
        _batch.Timeout = Math.Max(1, (int)timeout.TotalSeconds);
        var outcomes = new (AppendOutcome Outcome, bool Tell)[items.Count];
        await using (NpgsqlDataReader reader = await _batch.ExecuteReaderAsync())
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                var outcome = new AppendOutcome((AppendStatus)reader.GetInt16(1), reader.GetInt64(2), reader.GetInt64(3), TimeSpan.Zero);
                outcomes[reader.GetInt64(0) - 1] = (outcome, reader.GetBoolean(4));
            }
            // The commit comes after the last row: only the end of the results says that it is through.
            await reader.NextResultAsync();
        }
        for (int i = 0; i < items.Count; i++)
        {
            (AppendOutcome outcome, bool tell) = outcomes[i];
            items[i].Outcome = outcome;
            if (tell) committed.Add(ToRow(items[i].Request, outcome));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _batch.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static EventRow ToRow(NewEvent e, AppendOutcome outcome) =>
        new(e.ChatId, outcome.Sequence, e.Kind, e.SenderId, outcome.CreatedAtMs, e.ClientMessageId, e.ReplyTo, e.Text, null, null);

    private static NpgsqlParameter<List<T>> Parameter<T>(List<T> values, NpgsqlDbType element) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element };

    private void Fill(IReadOnlyList<PendingAppend> items)
    {
        _chatIds.Clear();
        _senderIds.Clear();
        _kinds.Clear();
        _clientMessageIds.Clear();
        _replyTos.Clear();
        _texts.Clear();
        foreach (PendingAppend item in items)
        {
            NewEvent e = item.Request;
            _chatIds.Add(e.ChatId);
            _senderIds.Add(e.SenderId);
            _kinds.Add(e.Kind);
            _clientMessageIds.Add(e.ClientMessageId);
            _replyTos.Add(e.ReplyTo);
            _texts.Add(e.Text);
        }
    }
}

using Npgsql;
using NpgsqlTypes;
using PendingAppend = Chat.Storage.Pending<Chat.Storage.ChatLog.NewEvent, Chat.Storage.ChatLog.AppendOutcome>;

namespace Chat.Storage.ChatLog;

/// <summary>The log's connection with its statements prepared. The loop only.</summary>
internal sealed class AppendConnection : IAsyncDisposable
{
    // Every access is by key. Without this a plan made while a table was small would scan it for as long as the connection lives.
    private const string Session = """
        set statement_timeout = '5s'; set lock_timeout = '2s'; set idle_in_transaction_session_timeout = '10s';
        set enable_seqscan = off; set plan_cache_mode = force_generic_plan
        """;

    /// <summary>
    /// A turn is a transaction that holds the one lock of all writers ("chat" in ASCII, 1) until its commit. The wait is short: a writer that stands still with it
    /// may be a stopped process, which PostgreSQL ends after 10 s.
    /// </summary>
    private const string TakeTurn = """
        begin; set local lock_timeout = '250ms'; select pg_advisory_xact_lock(1667785076, 1); set local lock_timeout = '2s'
        """;

    private const int TurnSeconds = 3;

    private readonly NpgsqlConnection _connection;
    private readonly PlainBatches _plain;
    private readonly PlainBatches _plainInTurn;
    private readonly NpgsqlBatch _careful;
    private readonly AppendColumns _columns = new();
    private readonly PlainGuess _guess = new();
    private readonly List<AppendedChat> _chats = [];
    private (AppendOutcome Outcome, bool Tell)[] _outcomes = [];
    private TurnState _turn;

    private AppendConnection(NpgsqlConnection connection)
    {
        _connection = connection;
        AppendColumns c = _columns;
        _plain = new PlainBatches(Plain(connection, c, replies: false), Plain(connection, c, replies: true));
        _plainInTurn = new PlainBatches(Plain(connection, c, replies: false), Plain(connection, c, replies: true));
        foreach (NpgsqlBatch batch in _plainInTurn.Both) batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        _careful = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(AppendSql.Lock) { Parameters = { Bigints(c.LockedChatIds) } },
                new NpgsqlBatchCommand(AppendSql.Append)
                {
                    Parameters =
                    {
                        Bigints(c.ChatIds), Bigints(c.SenderIds), Parameter(c.Kinds, NpgsqlDbType.Smallint),
                        Parameter(c.ClientMessageIds, NpgsqlDbType.Uuid), Parameter(c.ReplyTos, NpgsqlDbType.Bigint),
                        Parameter(c.Texts, NpgsqlDbType.Text), Parameter(c.Contents, NpgsqlDbType.Text),
                    },
                },
            },
        };
    }

    private enum TurnState : byte
    {
        None,

        /// <summary>A transaction is open that waits for its batch.</summary>
        Taken,

        /// <summary>A transaction is open that can only be rolled back.</summary>
        Spoilt,
    }

    /// <summary>How long the last batch without a turn took until it had all its locks; negative after any other.</summary>
    public TimeSpan LockedAfter { get; private set; }

    /// <summary>Chats of the last plain batch.</summary>
    public int Chats => _chats.Count;

    public static async Task<AppendConnection> OpenAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        try
        {
            await using (var session = new NpgsqlCommand(Session, connection))
                await session.ExecuteNonQueryAsync(ct);
            var opened = new AppendConnection(connection);
            foreach (NpgsqlBatch batch in opened.Batches) await batch.PrepareAsync(ct);
            return opened;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits until no other writer has a turn. The next <see cref="ExecuteAsync"/> ends it; if there is none, <see cref="EndTurnAsync"/> must.
    /// </summary>
    /// <exception cref="PostgresException">55P03: it did not come in time; the connection is good.</exception>
    public async Task TakeTurnAsync()
    {
        await EndTurnAsync();
        _turn = TurnState.Spoilt;
        await using NpgsqlCommand take = new(TakeTurn, _connection) { CommandTimeout = TurnSeconds };
        await take.ExecuteNonQueryAsync();
        _turn = TurnState.Taken;
    }

    /// <summary>Gives back a turn that no batch has ended.</summary>
    public async Task EndTurnAsync()
    {
        if (_turn == TurnState.None) return;
        await using NpgsqlCommand rollBack = new("rollback", _connection) { CommandTimeout = TurnSeconds };
        await rollBack.ExecuteNonQueryAsync();
        _turn = TurnState.None;
    }

    /// <summary>
    /// Runs one transaction. On return it is committed, every item has its outcome and <paramref name="committed"/> holds what the sink is
    /// to hear, ascending by chat and sequence. On an exception no item was touched; <see cref="AppendFaults"/> says what it means.
    /// </summary>
    /// <param name="mayBeStored">An earlier attempt of these items ended in doubt: their ids are looked up.</param>
    /// <param name="timeout">How long to wait for an answer before the connection counts as lost.</param>
    public async Task ExecuteAsync(IReadOnlyList<PendingAppend> items, bool mayBeStored, List<EventRow> committed, TimeSpan timeout)
    {
        _columns.Fill(items);
#if PLANTED_BUGS
        await BeginLateAsync();
        if (PlantedBug.Is("dedupe-off") && await TryPlainAsync(items, committed, timeout)) return;
#endif
        LockedAfter = TimeSpan.FromTicks(-1);
        bool isPlain = !mayBeStored && _guess.IsPlain(_columns.ClientMessageIds);
        if (!isPlain || _turn == TurnState.Spoilt) await EndTurnAsync(); // the careful statements are a transaction of their own
        if (!isPlain || !await TryPlainAsync(items, committed, timeout)) await ExecuteCarefulAsync(items, committed, timeout);
        _guess.Remember(_columns.ClientMessageIds);
    }

#if PLANTED_BUGS
    private NpgsqlTransaction? _late;

    /// <summary>Opens the transaction that outlives the batch. What failed in the one before is taken back.</summary>
    private async Task BeginLateAsync()
    {
        if (!PlantedBug.Is("ack-before-commit") && !PlantedBug.Is("publish-before-commit")) return;
        await EndTurnAsync();
        if (_late is not null) await _late.DisposeAsync();
        _late = await _connection.BeginTransactionAsync();
    }

    public async Task CommitLateAsync()
    {
        if (_late is null) return;
        await Task.Delay(PlantedBug.SlowDisk, TimeProvider.System);
        await _late.CommitAsync();
        _late = null;
    }
#endif

    public async ValueTask DisposeAsync()
    {
        foreach (NpgsqlBatch batch in Batches) await batch.DisposeAsync();
        await _connection.DisposeAsync();
    }

    /// <summary>False: the batch is not plain, and nothing is stored.</summary>
    private async Task<bool> TryPlainAsync(IReadOnlyList<PendingAppend> items, List<EventRow> committed, TimeSpan timeout)
    {
        _chats.Clear();
        bool isInTurn = _turn == TurnState.Taken;
        NpgsqlBatch plain = (isInTurn ? _plainInTurn : _plain).For(_columns);
        plain.Timeout = Seconds(timeout);
        if (isInTurn) _turn = TurnState.Spoilt; // until the end of the results says that it is through
        float lockedAfterMs = 0;
        try
        {
#if PLANTED_BUGS
            if (PlantedBug.Is("sequence-not-counter")) await _columns.TakeNumbersAsync(_connection);
#endif
            await using NpgsqlDataReader reader = await plain.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                _chats.Add(new AppendedChat(reader.GetInt64(0), reader.GetInt64(1), UnixMs(reader.GetDateTime(2))));
                lockedAfterMs = Math.Max(lockedAfterMs, reader.GetFloat(3));
            }

            // The commit comes after the last row: only the end of the results says that it is through.
            while (await reader.NextResultAsync())
            {
            }
        }
        catch (PostgresException exception) when (PlainAppendSql.TellsOtherwise(exception))
        {
            ChatLogMetrics.CarefulBatches.Add(1);
            _guess.Failed();
            await EndTurnAsync();
#if PLANTED_BUGS
            await BeginLateAsync();
#endif
            return false;
        }

        if (isInTurn) _turn = TurnState.None;
        else LockedAfter = TimeSpan.FromMilliseconds(lockedAfterMs);
        _guess.Succeeded();
        _chats.Sort(static (x, y) => x.ChatId.CompareTo(y.ChatId));
        for (int row = 0, chat = 0; row < _columns.Count; row++)
        {
            while (_chats[chat].ChatId != _columns.ChatIds[row]) chat++;
            PendingAppend item = items[_columns.IndexOf(row)];
            AppendedChat appended = _chats[chat];
            item.Outcome = new AppendOutcome(
                AppendStatus.Appended, appended.Head - _columns.Behind[row], appended.CreatedAtMs, TimeSpan.Zero);
            committed.Add(ToRow(item.Request, item.Outcome));
        }
        return true;
    }

    private async Task ExecuteCarefulAsync(IReadOnlyList<PendingAppend> items, List<EventRow> committed, TimeSpan timeout)
    {
        _careful.Timeout = Seconds(timeout);
        if (_outcomes.Length < items.Count) _outcomes = new (AppendOutcome, bool)[items.Count];
        await using (NpgsqlDataReader reader = await _careful.ExecuteReaderAsync())
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                var outcome = new AppendOutcome((AppendStatus)reader.GetInt16(1), reader.GetInt64(2), reader.GetInt64(3), TimeSpan.Zero);
                _outcomes[reader.GetInt64(0) - 1] = (outcome, reader.GetBoolean(4));
            }
            await reader.NextResultAsync(); // the commit, as above
        }
        for (int row = 0; row < _columns.Count; row++)
        {
            PendingAppend item = items[_columns.IndexOf(row)];
            (item.Outcome, bool tell) = _outcomes[row];
            if (tell) committed.Add(ToRow(item.Request, item.Outcome));
        }
        // A retold duplicate may stand behind a newer event of its chat.
        committed.Sort(static (x, y) => x.ChatId != y.ChatId ? x.ChatId.CompareTo(y.ChatId) : x.Sequence.CompareTo(y.Sequence));
    }

    private IEnumerable<NpgsqlBatch> Batches => [.. _plain.Both, .. _plainInTurn.Both, _careful];

    private static NpgsqlBatch Plain(NpgsqlConnection connection, AppendColumns c, bool replies)
    {
        NpgsqlBatchCommand check = new(replies ? PlainAppendSql.CheckReplies : PlainAppendSql.Check)
        {
            Parameters = { Bigints(c.AskedChatIds), Bigints(c.AskedSenderIds) },
        };
        if (replies)
        {
            foreach (List<long> column in new[] { c.ReplyChatIds, c.ReplySenderIds, c.ReplyTargets, c.ReplyEventCounts })
                check.Parameters.Add(Bigints(column));
        }

        return new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(PlainAppendSql.Store)
                {
                    Parameters =
                    {
                        Bigints(c.LockedChatIds), Bigints(c.EventCounts), Bigints(c.ChatIds), Bigints(c.SenderIds),
                        Parameter(c.Kinds, NpgsqlDbType.Smallint), Parameter(c.ClientMessageIds, NpgsqlDbType.Uuid),
                        Parameter(c.ReplyTos, NpgsqlDbType.Bigint), Parameter(c.Texts, NpgsqlDbType.Text), Bigints(c.Behind),
                        Parameter(c.Contents, NpgsqlDbType.Text),
                    },
                },
                check,
            },
        };
    }

    private static EventRow ToRow(in NewEvent e, in AppendOutcome outcome)
    {
        EventRow row = new(e.ChatId, outcome.Sequence, e.Kind, e.SenderId, outcome.CreatedAtMs, e.ClientMessageId, e.ReplyTo, e.Text, null, null);
        return e.Content is null ? row : new DetailedEventRow(row, new EventDetails(Content: e.Content));
    }

    private static long UnixMs(DateTime at) => (at.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    private static int Seconds(TimeSpan timeout) => Math.Max(1, (int)timeout.TotalSeconds);

    private static NpgsqlParameter<List<long>> Bigints(List<long> values) => Parameter(values, NpgsqlDbType.Bigint);

    private static NpgsqlParameter<List<T>> Parameter<T>(List<T> values, NpgsqlDbType element) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element };

    /// <summary>The statements of plain batches, without and with their check of replies.</summary>
    private readonly record struct PlainBatches(NpgsqlBatch WithoutReplies, NpgsqlBatch WithReplies)
    {
        public IEnumerable<NpgsqlBatch> Both => [WithoutReplies, WithReplies];

        public NpgsqlBatch For(AppendColumns columns) => columns.HasReplies ? WithReplies : WithoutReplies;
    }

    /// <summary>What became of one chat's events: they end at its new head.</summary>
    private readonly record struct AppendedChat(long ChatId, long Head, long CreatedAtMs);
}

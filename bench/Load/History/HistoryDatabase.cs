using Chat.Protocol.Frames.Elements;

using Npgsql;

namespace Chat.Load.History;

/// <summary>A chat as one of its members asks for it.</summary>
internal readonly record struct SeededChat(long ChatId, long Epoch, long Head);

/// <summary>Reads what the seeded database holds, for the questions and for the report. Not what is measured.</summary>
internal sealed class HistoryDatabase(NpgsqlDataSource source, TimeProvider time)
{
    // An idle session of PostgreSQL tells its counters after ten seconds at the latest.
    private static readonly TimeSpan CountersDelay = TimeSpan.FromSeconds(11);

    private const string Chats = """
        select m.principal_id, c.id, c.epoch, c.head_sequence
        from members m join chats c on c.id = m.chat_id
        where m.principal_id = any($1) and m.left_at_sequence is null and ($2 or c.kind <> 5)
        """;

    private const string Sizes = """
        select case when i.indexrelid is null then 't' when i.indisprimary then 'k' else 'c' end, sum(pg_relation_size(c.oid))::bigint
        from pg_class c left join pg_index i on i.indexrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relname like 'events\_%' and c.relkind in ('r', 'i') group by 1
        """;

    /// <summary>The current chats of each of these people.</summary>
    /// <param name="inboxes">Their inboxes too.</param>
    public async Task<Dictionary<long, List<SeededChat>>> ReadChatsAsync(long[] people, bool inboxes, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Chats);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = people });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = inboxes });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        var chats = people.ToDictionary(person => person, _ => new List<SeededChat>());
        while (await reader.ReadAsync(ct))
            chats[reader.GetInt64(0)].Add(new SeededChat(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        return chats;
    }

    public async Task<long[]> ReadMembersAsync(long chatId, CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand("select array_agg(principal_id) from members where chat_id = $1 and left_at_sequence is null");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = chatId });
        return (long[])(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task<long> CountMessagesAsync(CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand("select count(*) from events where kind = 1");
        command.CommandTimeout = 0;
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Bytes of the log's table, of its primary key and of its index of client message ids.</summary>
    public async Task<(long Table, long Key, long ClientIds)> ReadSizesAsync(CancellationToken ct)
    {
        await using NpgsqlCommand command = source.CreateCommand(Sizes);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        Dictionary<string, long> sizes = [];
        while (await reader.ReadAsync(ct)) sizes[reader.GetString(0)] = reader.GetInt64(1);
        return (sizes["t"], sizes["k"], sizes["c"]);
    }

    /// <summary>Committed transactions of all sessions so far. Waits until the sessions have told theirs.</summary>
    public async Task<long> CountTransactionsAsync(CancellationToken ct)
    {
        await Task.Delay(CountersDelay, time, ct);
        await using NpgsqlCommand command = source.CreateCommand("select xact_commit from pg_stat_database where datname = current_database()");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>What a client holds: everything of three chats in four, a few messages less of the others.</summary>
    public static WirePosition PositionOf(SeededChat chat, Random random)
    {
        long behind = random.Next(4) == 0 ? random.Next(20) : 0;
        return new WirePosition(chat.ChatId, chat.Epoch, Math.Max(0, chat.Head - behind));
    }
}

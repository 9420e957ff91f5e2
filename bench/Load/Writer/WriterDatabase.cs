using Chat.Storage;
using Chat.Storage.Managed;
using Chat.Storage.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Load.Writer;

/// <summary>A managed PostgreSQL in a folder of its own, with chats of two members and some history; gone after the run.</summary>
internal sealed class WriterDatabase : IAsyncDisposable
{
    // Direct chats would need pairs; groups of two cost the writer the same. The bare tables hold as much as the product's, so
    // that every index is as deep and as often out of the buffers.
    private const string Fill = """
        insert into chats (kind, head_sequence, member_count, name)
        select case when i <= 2 * $1 then 5 else 2 end, case when i <= 2 * $1 then 0 else $2 end, 2, 'chat ' || i from generate_series(1, 3 * $1) i;
        insert into principals (kind, name, inbox_chat_id) select 1, 'person ' || i, i from generate_series(1, 2 * $1) i;
        insert into members (chat_id, principal_id, role, joined_at_sequence)
        select 2 * $1 + g, 2 * g - m, 1, 1 from generate_series(1, $1) g, generate_series(0, 1) m;
        insert into events (chat_id, sequence, kind, sender_id, created_at, client_message_id, body)
        select 2 * $1 + g, s, 1, 2 * g, now(), gen_random_uuid(), repeat('x', 98) from generate_series(1, $2) s, generate_series(1, $1) g;
        create table bare_chats (id bigint primary key, head bigint not null) with (fillfactor = 50);
        create table bare_events (chat_id bigint, sequence bigint, sender_id bigint not null, client_message_id uuid not null, body text,
            at timestamptz not null default clock_timestamp(), primary key (chat_id, sequence));
        create unique index on bare_events (chat_id, sender_id, client_message_id);
        insert into bare_chats select id, head_sequence from chats where kind = 2;
        insert into bare_events (chat_id, sequence, sender_id, client_message_id, body)
        select chat_id, sequence, sender_id, client_message_id, body from events;
        """;

    private readonly ManagedPostgres _postgres;
    private readonly string _folder;
    private readonly NpgsqlDataSource _admin;

    private WriterDatabase(ManagedPostgres postgres, string folder, int chats)
    {
        (_postgres, _folder, Chats) = (postgres, folder, chats);
        _admin = NpgsqlDataSource.Create(postgres.ConnectionString + ";Command Timeout=300");
    }

    public int Chats { get; }

    public string ConnectionString => _postgres.ConnectionString;

    /// <param name="chats">Groups of two members each.</param>
    /// <param name="history">Events in each of them at the start.</param>
    public static async Task<WriterDatabase> CreateAsync(int chats, int history, CancellationToken ct)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"chat-writer-{Environment.ProcessId}");
        ManagedPostgres postgres = await ManagedPostgres.StartAsync(
            new ManagedPostgresOptions { DataDirectory = folder }, TimeProvider.System, NullLogger.Instance, ct);
        var database = new WriterDatabase(postgres, folder, chats);
        try
        {
            await using (NpgsqlDataSource source = ChatDataSource.Create(postgres.ConnectionString, "schema", maxConnections: 2))
                await new Migrator(source, NullLogger<Migrator>.Instance).UpAsync(ct);
            foreach (string statement in Fill.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                await database.ExecuteAsync(statement, [chats, history], ct);
            await database.ExecuteAsync("vacuum analyze", [], ct);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the dirty pages out, so that no way inherits the other's full-page images.</summary>
    public Task CheckpointAsync(CancellationToken ct) => ExecuteAsync("checkpoint", [], ct);

    /// <summary>The chat of a number from 0.</summary>
    public long ChatId(int number) => (2L * Chats) + number + 1;

    /// <summary>One of its two members.</summary>
    public static long MemberOf(int number, bool second) => (2L * (number + 1)) - (second ? 1 : 0);

    /// <summary>The process of the session with this application name.</summary>
    public async Task<int> FindProcessAsync(string applicationName, CancellationToken ct)
    {
        await using NpgsqlCommand command = _admin.CreateCommand("select pid from pg_stat_activity where application_name = $1 limit 1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = applicationName });
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _admin.DisposeAsync();
        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ExecuteAsync(string sql, int[] values, CancellationToken ct)
    {
        await using NpgsqlCommand command = _admin.CreateCommand(sql);
        for (int i = 0; i < values.Length; i++)
            if (sql.Contains($"${i + 1}", StringComparison.Ordinal)) command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = values[i] });
        await command.ExecuteNonQueryAsync(ct);
    }
}

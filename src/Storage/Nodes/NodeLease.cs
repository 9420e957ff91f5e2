using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Chat.Storage.Nodes;

/// <summary>
/// Holds a node's name: a session-level advisory lock on a connection of its own, so that the name is free again the moment the process is
/// gone, however it went. The row in <c>nodes</c> is for people; the lock decides.
/// </summary>
/// <remarks>
/// Used by one caller at a time. Needs a session of its own in PostgreSQL: a pooler in front must not hand it to others meanwhile
/// (PgBouncer in transaction mode does).
/// </remarks>
public sealed class NodeLease(string connectionString, NodeEntry entry) : IAsyncDisposable
{
    // A machine that lost its power says no goodbye: PostgreSQL looks after its other end and lets go after about ten seconds. Over a Unix
    // socket the settings have no effect.
    private const string Open = """
        set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3; set idle_session_timeout = 0
        """;

    private const string Identify = "select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()";

    /// <summary>The locks of 64 bits that are held in this database, as key and holder. PostgreSQL shows a key in two halves.</summary>
    internal const string HeldLocks = """
        select (classid::bigint << 32) | objid::bigint as key, pid from pg_locks
        where locktype = 'advisory' and granted and objsubid = 1
            and database = (select oid from pg_database where datname = current_database())
        """;

    private const string FindHolder = $"""
        select l.pid, host(a.client_addr), a.backend_start, n.incarnation, n.address, n.started_at
        from ({HeldLocks}) l
        left join pg_stat_activity a on a.pid = l.pid
        left join nodes n on n.id = $2
        where l.key = $1
        """;

    private const string Enter = """
        insert into nodes as n (id, incarnation, version, protocol_version, schema_version, address) values ($1, $2, $3, $4, $5, $6)
        on conflict (id) do update set incarnation = excluded.incarnation, version = excluded.version,
            protocol_version = excluded.protocol_version, schema_version = excluded.schema_version, address = excluded.address,
            started_at = case when n.incarnation = excluded.incarnation then n.started_at else excluded.started_at end,
            renewed_at = excluded.renewed_at, ended_at = null
        """;

    private const string Renew =
        "update nodes set renewed_at = clock_timestamp() where id = $1 and incarnation = $2 and ended_at is null";

    private const string End =
        "update nodes set ended_at = clock_timestamp(), renewed_at = clock_timestamp() where id = $1 and incarnation = $2";

    // Only the very session that we had: its number may be another's by now. Waits up to 2 s for its end.
    private const string EndLostSession =
        "select pg_terminate_backend(pid, 2000) from pg_stat_activity where pid = $1 and backend_start = $2";

    private readonly NpgsqlDataSource _source = ChatDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString, "node", 1);

    private readonly long _key = KeyOf(entry.Id);
    private NpgsqlConnection? _connection;
    private (int ProcessId, DateTime StartedAt)? _session;

    public NodeEntry Entry => entry;

    /// <summary>The key of the lock for a node's name: the same in every version of the program.</summary>
    public static long KeyOf(string nodeId) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes("chat node " + nodeId)));

    /// <summary>
    /// Takes the name and writes the row. A lost connection of our own that PostgreSQL has not noticed yet is ended, and its lock with it.
    /// </summary>
    /// <returns>Null when the name is ours; else who holds it.</returns>
    /// <exception cref="NpgsqlException">The database does not answer; nothing is held then.</exception>
    public async Task<NodeHolder?> TryTakeAsync(CancellationToken ct)
    {
        (int ProcessId, DateTime StartedAt)? lost = _session;
        await DropAsync();
        NpgsqlConnection connection = await _source.OpenConnectionAsync(ct);
        try
        {
            await ExecuteAsync(connection, Open, ct);
            while (!await TryLockAsync(connection, ct))
            {
                if (await FindHolderAsync(connection, ct) is not { } holder) continue; // gone between the two questions
                if (lost is not { } own || own.ProcessId != holder.ProcessId || !await EndLostAsync(connection, own, ct))
                {
                    await connection.DisposeAsync();
                    return holder;
                }

                lost = null; // once
            }

            _session = await IdentifyAsync(connection, ct);
            await EnterAsync(connection, ct);
            _connection = connection;
            return null;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>A sign of life, over the connection that holds the name: when it fails, the name must be taken again.</summary>
    /// <exception cref="NpgsqlException">The connection is gone.</exception>
    public async Task RenewAsync(CancellationToken ct)
    {
        NpgsqlConnection connection = _connection ?? throw new InvalidOperationException("The name was not taken.");
        await using NpgsqlCommand renew = new(Renew, connection);
        AddKeys(renew);
        if (await renew.ExecuteNonQueryAsync(ct) == 0) await EnterAsync(connection, ct); // the row of a silent node was tidied away
    }

    /// <summary>Notes a clean end and gives the name back.</summary>
    /// <exception cref="NpgsqlException">The note was not made; the name is given back all the same.</exception>
    public async Task EndAsync(CancellationToken ct)
    {
        if (_connection is not { } connection) return;
        try
        {
            await using NpgsqlCommand end = new(End, connection);
            AddKeys(end);
            await end.ExecuteNonQueryAsync(ct);
        }
        finally
        {
            await DropAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DropAsync();
        await _source.DisposeAsync();
    }

    private async ValueTask DropAsync()
    {
        if (_connection is { } connection) await connection.DisposeAsync();
        _connection = null;
    }

    private async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using NpgsqlCommand take = new("select pg_try_advisory_lock($1)", connection);
        take.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _key });
        return (bool)(await take.ExecuteScalarAsync(ct))!;
    }

    private async Task<NodeHolder?> FindHolderAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using NpgsqlCommand find = new(FindHolder, connection);
        find.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _key });
        find.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entry.Id });
        await using NpgsqlDataReader reader = await find.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;
        string? address = await reader.IsDBNullAsync(1, ct) ? null : reader.GetString(1);
        DateTimeOffset? connectedAt = await reader.IsDBNullAsync(2, ct) ? null : await reader.GetFieldValueAsync<DateTimeOffset>(2, ct);
        NodeHolderEntry? holder = await reader.IsDBNullAsync(3, ct)
            ? null
            : new NodeHolderEntry(reader.GetInt64(3), reader.GetString(4), await reader.GetFieldValueAsync<DateTimeOffset>(5, ct));
        return new NodeHolder(reader.GetInt32(0), address, connectedAt, holder);
    }

    private async Task EnterAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using NpgsqlCommand enter = new(Enter, connection);
        AddKeys(enter);
        enter.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entry.Version });
        enter.Parameters.Add(new NpgsqlParameter<int> { TypedValue = entry.ProtocolVersion });
        enter.Parameters.Add(new NpgsqlParameter<int> { TypedValue = entry.SchemaVersion });
        enter.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entry.Address });
        await enter.ExecuteNonQueryAsync(ct);
    }

    private void AddKeys(NpgsqlCommand command)
    {
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entry.Id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = entry.Incarnation });
    }

    private static async Task<(int ProcessId, DateTime StartedAt)?> IdentifyAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using NpgsqlCommand identify = new(Identify, connection);
        await using NpgsqlDataReader reader = await identify.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetInt32(0), reader.GetDateTime(1)) : null;
    }

    private static async Task<bool> EndLostAsync(
        NpgsqlConnection connection, (int ProcessId, DateTime StartedAt) session, CancellationToken ct)
    {
        await using NpgsqlCommand end = new(EndLostSession, connection);
        end.Parameters.Add(new NpgsqlParameter<int> { TypedValue = session.ProcessId });
        end.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = session.StartedAt });
        return await end.ExecuteScalarAsync(ct) is true;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}

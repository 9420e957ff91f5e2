using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chat.Storage.Schema;

/// <summary>
/// Brings the schema up to this program's version: the numbered .sql files of this folder, each in its transaction, one program at a
/// time under an advisory lock. A landed file is never edited (its checksum is verified); changes expand first and contract in a later
/// release, so that the version before keeps working meanwhile. Each file from the second on says in its first line which program is the
/// oldest that works beside it (<c>-- min_compatible_version: 1</c>): so an older node may start, and run, on a newer schema.
/// </summary>
/// <param name="allowUnsafe">Whether a server that may lose acked messages (fsync, full_page_writes or synchronous_commit off) is
/// accepted.</param>
public sealed partial class Migrator(NpgsqlDataSource source, ILogger<Migrator> log, bool allowUnsafe = false)
{
    private const int OldestServerMajor = 15;

    // "chat" in ASCII, so that the lock can be recognized in pg_locks.
    private const long LockKey = 0x63686174;

    private const string CreateTable = """
        create table if not exists schema_migrations (
            version integer primary key,
            name text not null,
            checksum text not null,
            applied_at timestamptz not null default clock_timestamp()
        )
        """;

    /// <summary>What the first line of a file from the second on starts with.</summary>
    private const string CompatibleFrom = "-- min_compatible_version: ";

    // The first version had no such column; what it made can be used by every program.
    private const string SelectLanded = """
        select version, name, checksum, coalesce((to_jsonb(m) ->> 'min_compatible_version')::integer, 1)
        from schema_migrations m order by version
        """;

    private const string InsertFirst = "insert into schema_migrations (version, name, checksum) values ($1, $2, $3)";

    private const string InsertLater =
        "insert into schema_migrations (version, name, checksum, min_compatible_version) values ($1, $2, $3, $4)";

    // Everybody who wants a table waits behind a migration that waits for it, so it waits a moment, gives way, and tries again.
    private const string WaitBriefly = "set local lock_timeout = '1s'";

    private const int TriesBetweenWarnings = 15; // about half a minute

    private static readonly TimeSpan WayGivenFor = TimeSpan.FromSeconds(1);

    private static readonly IReadOnlyList<MigrationFile> Files = ReadFiles();

    /// <summary>Version of the schema that this program was made for.</summary>
    public static int ProgramVersion => Files[^1].Version;

    /// <summary>Lands what is pending; waits while another program does.</summary>
    /// <exception cref="MigrationException">The server or the schema is not one to work with.</exception>
    public async Task<MigrationReport> UpAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await VerifyServerAsync(connection, ct);
        // Session settings end with DISCARD ALL when the connection goes back to its pool, and the lock with it.
        await ExecuteAsync(connection, "set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0", ct);
        await CallLockAsync(connection, "select pg_advisory_lock($1)", ct);
        try
        {
            await ExecuteAsync(connection, CreateTable, ct);
            List<MigrationFile> landed = await ReadLandedAsync(connection, ct);
            var applied = new List<string>();
            foreach (MigrationFile file in FindPending(landed))
            {
                await ApplyAsync(connection, file, ct);
                Applied(log, file.Name);
                applied.Add(file.Name);
            }
            return new MigrationReport(Math.Max(ProgramVersion, landed.Count == 0 ? 0 : landed[^1].Version), applied);
        }
        finally
        {
            await CallLockAsync(connection, "select pg_advisory_unlock($1)", CancellationToken.None);
        }
    }

    /// <summary>For a program that may not change the schema: refuses one that lacks something, and changes nothing.</summary>
    /// <exception cref="MigrationException">The server or the schema is not one to work with.</exception>
    public async Task<MigrationReport> VerifyAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await VerifyServerAsync(connection, ct);
        MigrationStatus status = await ReadStatusAsync(connection, ct);
        if (status.Pending.Count == 0) return new MigrationReport(status.CurrentVersion, []);
        throw new MigrationException(
            $"The database's schema has version {status.CurrentVersion}, this program needs {status.TargetVersion}, and "
            + "Database:Migrate=false forbids it to change the schema. Run './chat migrate up' or 'dotnet Chat.Server.dll migrate up' "
            + "against this database, then start again.");
    }

    /// <summary>Compares without changing anything.</summary>
    public async Task<MigrationStatus> StatusAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await ReadStatusAsync(connection, ct);
    }

    private static async Task<MigrationStatus> ReadStatusAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var exists = new NpgsqlCommand("select to_regclass('schema_migrations') is not null", connection);
        List<MigrationFile> landed = (bool)(await exists.ExecuteScalarAsync(ct))! ? await ReadLandedAsync(connection, ct) : [];
        return new MigrationStatus(
            landed.Count == 0 ? 0 : landed[^1].Version, ProgramVersion, [.. FindPending(landed).Select(file => file.Name)]);
    }

    private static IEnumerable<MigrationFile> FindPending(List<MigrationFile> landed)
    {
        foreach (MigrationFile old in landed)
        {
            MigrationFile? known = Files.FirstOrDefault(file => file.Version == old.Version);
            if (known is null && old.Version > ProgramVersion && old.MinCompatibleVersion <= ProgramVersion) continue; // lets us be
            if (known is null)
                throw new MigrationException(
                    $"The database's schema has version {landed[^1].Version} ({landed[^1].Name}), newer than this program's "
                    + $"{ProgramVersion}; {old.Name} works with programs of schema {old.MinCompatibleVersion} or later. "
                    + "Start the newer program, or restore the database from before its upgrade.");
            if (known.Checksum != old.Checksum)
                throw new MigrationException(
                    $"Migration {old.Name} in the database has another checksum than the file {known.Name} of this program: a landed "
                    + "file was edited. "
                    + "Start the program that made this database, or put the file back as it was and add a new one.");
        }
        return Files.Where(file => landed.All(old => old.Version != file.Version));
    }

    /// <summary>Lands one file, however long others use its tables; they are never held up for more than a moment.</summary>
    private async Task ApplyAsync(NpgsqlConnection connection, MigrationFile file, CancellationToken ct)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                await ApplyOnceAsync(connection, file, ct);
                return;
            }
            catch (PostgresException exception)
                when (exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                if (tries % TriesBetweenWarnings == 0) WaitsForTables(log, exception, file.Name);
                await Task.Delay(WayGivenFor, TimeProvider.System, ct);
            }
        }
    }

    private static async Task ApplyOnceAsync(NpgsqlConnection connection, MigrationFile file, CancellationToken ct)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, WaitBriefly, ct);
        await ExecuteAsync(connection, file.Sql, ct);
        await using (var insert = new NpgsqlCommand(file.Version == 1 ? InsertFirst : InsertLater, connection))
        {
            insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = file.Version });
            insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = file.Name });
            insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = file.Checksum });
            if (file.Version > 1) insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = file.MinCompatibleVersion });
            await insert.ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
    }

    private async Task VerifyServerAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (connection.PostgreSqlVersion.Major < OldestServerMajor)
            throw new MigrationException(
                $"The PostgreSQL server is version {connection.PostgreSqlVersion}; {OldestServerMajor} is the oldest that works. "
                + "Upgrade it or name another in the connection string.");
        if (allowUnsafe) return;
        foreach (string setting in (string[])["fsync", "full_page_writes", "synchronous_commit"])
        {
            await using var show = new NpgsqlCommand($"show {setting}", connection);
            if ((string)(await show.ExecuteScalarAsync(ct))! == "off")
                throw new MigrationException(
                    $"PostgreSQL runs with {setting} = off: it may lose messages that were acknowledged. Set {setting} = on in "
                    + "postgresql.conf "
                    + "(or for the role or the database), or start with --set Database:AllowUnsafe=true to accept the loss.");
        }
    }

    private static async Task<List<MigrationFile>> ReadLandedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var landed = new List<MigrationFile>();
        await using var select = new NpgsqlCommand(SelectLanded, connection);
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            landed.Add(new MigrationFile(reader.GetInt32(0), reader.GetString(1), "", reader.GetString(2), reader.GetInt32(3)));
        return landed;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        // Without a limit of the client's: a migration of a large table takes as long as it takes.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task CallLockAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 }; // another node may migrate for long
        command.Parameters.AddWithValue(LockKey);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static List<MigrationFile> ReadFiles()
    {
        var files = new List<MigrationFile>();
        System.Reflection.Assembly assembly = typeof(Migrator).Assembly;
        string prefix = typeof(Migrator).Namespace + ".";
        foreach (string resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(prefix, StringComparison.Ordinal) || !resource.EndsWith(".sql", StringComparison.Ordinal)) continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            string sql = reader.ReadToEnd().ReplaceLineEndings("\n");
            string name = resource[prefix.Length..];
            int version = int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture);
            string checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
            files.Add(new MigrationFile(version, name, sql, checksum, ReadCompatibleFrom(version, name, sql)));
        }
        files.Sort((x, y) => x.Version.CompareTo(y.Version));
        return files;
    }

    /// <summary>Every file must say it: silence would let an older node run on a schema that it does not understand.</summary>
    private static int ReadCompatibleFrom(int version, string name, string sql)
    {
        if (version == 1) return 1;
        string line = sql[..sql.IndexOf('\n', StringComparison.Ordinal)];
        return line.StartsWith(CompatibleFrom, StringComparison.Ordinal)
            ? int.Parse(line.AsSpan(CompatibleFrom.Length), CultureInfo.InvariantCulture)
            : throw new InvalidOperationException(
                $"{name} does not start with '{CompatibleFrom}N', the oldest program that works beside it.");
    }

    [LoggerMessage(EventId = EventIds.MigrationLanded, Level = LogLevel.Information, Message = "Landed migration {Name}")]
    private static partial void Applied(ILogger logger, string name);

    [LoggerMessage(EventId = EventIds.MigrationWaits, Level = LogLevel.Warning,
        Message = "Migration {Name} waits for tables that long transactions use, and tries again every two seconds; pg_stat_activity "
            + "shows whose they are")]
    private static partial void WaitsForTables(ILogger logger, Exception exception, string name);

    private sealed record MigrationFile(int Version, string Name, string Sql, string Checksum, int MinCompatibleVersion);
}

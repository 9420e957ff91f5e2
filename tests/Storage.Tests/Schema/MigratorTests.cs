using Chat.Storage.Managed;
using Chat.Storage.Schema;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Storage.Tests.Schema;

[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class MigratorTests
{
    [Test, CancelAfter(60_000)]
    public async Task Several_at_once_land_each_file_once(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync();
        Assert.That((await Create(database.Source).StatusAsync(ct)).CurrentVersion, Is.Zero);

        MigrationReport[] reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Create(database.Source).UpAsync(ct)));

        Assert.That(reports.Count(report => report.Applied.Count > 0), Is.EqualTo(1));
        Assert.That(reports.SelectMany(report => report.Applied), Is.Unique.And.Contains("0001_foundation.sql"));
        MigrationStatus status = await Create(database.Source).StatusAsync(ct);
        Assert.That(status.Pending, Is.Empty);
        Assert.That(status.CurrentVersion, Is.EqualTo(status.TargetVersion).And.EqualTo(reports[0].Version));
    }

    [Test, CancelAfter(60_000)]
    public async Task Schema_of_a_newer_program_is_refused_when_it_asks_for_one(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await ExecuteAsync(database, """
            insert into schema_migrations (version, name, checksum, min_compatible_version) values
                (9998, '9998_expands.sql', 'x', 1), (9999, '9999_future.sql', 'x', 9999)
            """, ct);

        MigrationException? refused = await Assert.ThrowsAsync<MigrationException>(() => Create(database.Source).UpAsync(ct));

        Assert.That(refused!.Message, Does.Contain("9999_future.sql").And.Contain("newer program"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Newer_schema_that_lets_this_program_be_is_used_as_it_is(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await ExecuteAsync(database, """
            insert into schema_migrations (version, name, checksum, min_compatible_version)
            select 9999, '9999_expands.sql', 'x', max(version) from schema_migrations
            """, ct);

        Assert.That((await Create(database.Source).UpAsync(ct)).Version, Is.EqualTo(9999));
        Assert.That((await Create(database.Source).VerifyAsync(ct)).Version, Is.EqualTo(9999));
        Assert.That((await Create(database.Source).StatusAsync(ct)).Pending, Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task Database_of_the_first_version_is_brought_up_and_its_first_file_suits_every_program(CancellationToken ct)
    {
        await using TestDatabase database = await CreateOfFirstVersionAsync(ct);
        Assert.That((await Create(database.Source).StatusAsync(ct)).Pending, Does.Contain("0002_nodes_jobs_settings.sql"));

        IReadOnlyList<string> applied = (await Create(database.Source).UpAsync(ct)).Applied;
        Assert.That(applied, Does.Not.Contain("0001_foundation.sql").And.Contain("0002_nodes_jobs_settings.sql"));

        await using NpgsqlCommand read = database.Source.CreateCommand(
            "select max(min_compatible_version) from schema_migrations where version < 3");
        Assert.That(await read.ExecuteScalarAsync(ct), Is.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task Migration_that_waits_for_a_table_gives_way_to_those_who_use_it(CancellationToken ct)
    {
        await using TestDatabase database = await CreateOfFirstVersionAsync(ct);
        RecordingLog<Migrator> log = new();
        await using NpgsqlConnection other = await database.Source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction reading = await other.BeginTransactionAsync(ct);
        await using (NpgsqlCommand read = new("select count(*) from principals", other)) await read.ExecuteScalarAsync(ct);

        Task<MigrationReport> migrating = new Migrator(database.Source, log).UpAsync(ct);
        while (log.Lines.Length == 0) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        await ExecuteAsync(database, "set statement_timeout = '10s'; update principals set last_seen_at = now()", ct);
        bool landedBefore = migrating.IsCompleted;
        await reading.CommitAsync(ct);

        Assert.That((await migrating).Version, Is.EqualTo(Migrator.ProgramVersion));
        Assert.That(landedBefore, Is.False);
        Assert.That(log.Lines, Has.All.Contain("waits for tables"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Index_that_is_built_from_the_whole_log_holds_up_nothing_but_messages(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await ExecuteAsync(database, "drop index events_content", ct);
        await using NpgsqlConnection connection = await database.Source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction migrating = await connection.BeginTransactionAsync(ct);
        await using (NpgsqlCommand build = new(await File.ReadAllTextAsync(FindSource("src/Storage/Schema/0008_gallery.sql"), ct), connection))
            await build.ExecuteNonQueryAsync(ct);

        await using NpgsqlCommand held = new("""
            select coalesce(string_agg(distinct c.relname || ' ' || l.mode, ', '), 'none')
            from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
            where l.pid = pg_backend_pid() and c.relkind in ('r', 'p') and n.nspname = 'public' and l.mode not in ('AccessShareLock', 'RowShareLock')
                and (c.relname not like 'events%' or l.mode <> 'ShareLock')
            """, connection);

        Assert.That(await held.ExecuteScalarAsync(ct), Is.EqualTo("none"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Older_schema_is_refused_with_the_command_when_it_may_not_be_changed(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync();

        MigrationException? refused = await Assert.ThrowsAsync<MigrationException>(() => Create(database.Source).VerifyAsync(ct));

        Assert.That(refused!.Message, Does.Contain("version 0").And.Contain("migrate up"));
        await Create(database.Source).UpAsync(ct);
        Assert.That((await Create(database.Source).VerifyAsync(ct)).Version, Is.EqualTo(Migrator.ProgramVersion));
    }

    [Test, CancelAfter(60_000)]
    public async Task Edited_file_is_noticed_by_its_checksum(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await ExecuteAsync(database, "update schema_migrations set checksum = 'other' where version = 1", ct);

        MigrationException? refused = await Assert.ThrowsAsync<MigrationException>(() => Create(database.Source).UpAsync(ct));

        Assert.That(refused!.Message, Does.Contain("0001_foundation.sql").And.Contain("checksum"));
    }

    [Test, CancelAfter(60_000), Property("Promise", "P1")]
    public async Task Server_that_may_lose_acked_messages_is_refused_unless_told_otherwise(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync();
        await using NpgsqlDataSource careless = NpgsqlDataSource.Create(database.ConnectionString + ";Options=-c synchronous_commit=off");

        MigrationException? refused = await Assert.ThrowsAsync<MigrationException>(() => Create(careless).UpAsync(ct));

        Assert.That(refused!.Message, Does.Contain("synchronous_commit = off").And.Contain("AllowUnsafe"));
        var told = new Migrator(careless, NullLogger<Migrator>.Instance, allowUnsafe: true);
        Assert.That((await told.UpAsync(ct)).Applied, Is.Not.Empty);
    }

    [TestCase("fsync")]
    [TestCase("full_page_writes")]
    [CancelAfter(60_000), Property("Promise", "P1")]
    public async Task Server_without_its_safety_net_is_refused(string setting, CancellationToken ct)
    {
        using var folder = new TempFolder();
        var options = new ManagedPostgresOptions { DataDirectory = folder.Path, ExtraSettings = [$"{setting}=off"] };
        await using ManagedPostgres postgres = await ManagedPostgres.StartAsync(options, TimeProvider.System, NullLogger.Instance, ct);
        await using NpgsqlDataSource source = ChatDataSource.Create(postgres.ConnectionString, "test", maxConnections: 2);

        MigrationException? refused = await Assert.ThrowsAsync<MigrationException>(() => Create(source).UpAsync(ct));

        Assert.That(refused!.Message, Does.Contain($"{setting} = off"));
    }

    private static async Task<TestDatabase> CreateOfFirstVersionAsync(CancellationToken ct)
    {
        TestDatabase database = await TestDatabase.CreateEmptyAsync();
        string first = await File.ReadAllTextAsync(FindSource("src/Storage/Schema/0001_foundation.sql"), ct);
        await ExecuteAsync(database, first, ct);
        await ExecuteAsync(database, """
            create table schema_migrations (
                version integer primary key,
                name text not null,
                checksum text not null,
                applied_at timestamptz not null default clock_timestamp()
            )
            """, ct);
        await using (NpgsqlCommand landed = database.Source.CreateCommand(
            "insert into schema_migrations (version, name, checksum) values (1, '0001_foundation.sql', encode(sha256($1), 'hex'))"))
        {
            landed.Parameters.AddWithValue(System.Text.Encoding.UTF8.GetBytes(first));
            await landed.ExecuteNonQueryAsync(ct);
        }

        return database;
    }

    private static string FindSource(string path)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, path))) folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new FileNotFoundException($"{path} is in no folder above the tests."), path);
    }

    private static Migrator Create(NpgsqlDataSource source) => new(source, NullLogger<Migrator>.Instance);

    private static async Task ExecuteAsync(TestDatabase database, string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }
}

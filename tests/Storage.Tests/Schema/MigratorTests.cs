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
    public async Task Schema_of_a_newer_program_is_refused(CancellationToken ct)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await ExecuteAsync(database, "insert into schema_migrations (version, name, checksum) values (9999, '9999_future.sql', 'x')", ct);

        MigrationException? refused = await Assert.ThrowsAsync<MigrationException>(() => Create(database.Source).UpAsync(ct));

        Assert.That(refused!.Message, Does.Contain("9999_future.sql").And.Contain("newer program"));
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

        Assert.That(refused!.Message, Does.Contain("synchronous_commit = off").And.Contain("allow-unsafe"));
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

    private static Migrator Create(NpgsqlDataSource source) => new(source, NullLogger<Migrator>.Instance);

    private static async Task ExecuteAsync(TestDatabase database, string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }
}

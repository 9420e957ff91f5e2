using Chat.Storage.People;
using Chat.Storage.Statuses;
using Chat.TestKit;
using Npgsql;

namespace Chat.Storage.Tests.Statuses;

/// <summary>R-131, R-132: what a look and the end of a status do to each other, one step at a time.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class StatusViewStoreTests
{
    private TestDatabase _database = null!;
    private StatusViewStore _views = null!;
    private long _author;
    private long _viewer;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _views = new StatusViewStore(_database.Source);
        TestPeople people = new(_database);
        (_author, _viewer) = (await people.CreateAsync(), await people.CreateAsync());
        ContactStore contacts = new(_database.Source, people.Events);
        await contacts.PutAsync(_author, _viewer, (null, false), 10, default);
        await contacts.PutAsync(_viewer, _author, (null, false), 10, default);
    }

    [OneTimeTearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test, CancelAfter(30_000)]
    public async Task A_look_that_waits_for_the_deletion_of_the_row_finds_none(CancellationToken ct)
    {
        long id = await StatusAsync(ct);
        await using NpgsqlConnection connection = await _database.Source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction deletion = await connection.BeginTransactionAsync(ct);
        await using (NpgsqlCommand delete = new("delete from statuses", connection, deletion)) await delete.ExecuteNonQueryAsync(ct);

        Task<StatusLook?> look = _views.LookAsync(id, _viewer, ct);
        await using (NpgsqlCommand waiting = _database.Source.CreateCommand(
            "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"))
        {
            while (await waiting.ExecuteScalarAsync(ct) is not true) ct.ThrowIfCancellationRequested();
        }

        await deletion.CommitAsync(ct);
        Assert.That(await look, Is.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_look_does_not_wait_for_the_author_who_deletes_and_its_row_goes_with_the_status(CancellationToken ct)
    {
        long id = await StatusAsync(ct);
        await using NpgsqlConnection connection = await _database.Source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction deletion = await connection.BeginTransactionAsync(ct);
        await using (NpgsqlCommand delete = new("update statuses set deleted_at = now()", connection, deletion)) await delete.ExecuteNonQueryAsync(ct);

        Assert.That((await _views.LookAsync(id, _viewer, ct))?.IsNew, Is.True, "it is there as long as the deletion is not committed");
        await deletion.CommitAsync(ct);
        Assert.That(await _views.LookAsync(id, _viewer, ct), Is.Null);
        await ExecuteAsync("update statuses set expires_at = now() - interval '1 second'", ct);
        Assert.That(await _views.DeletePastAsync(StatusViewStore.MaxDeleted, ct), Is.Zero, "views go first");
        Assert.That(await _views.DeleteViewsAsync(100, ct), Is.EqualTo(1));
        Assert.That(await _views.DeletePastAsync(StatusViewStore.MaxDeleted, ct), Is.EqualTo(1));
    }

    private async Task<long> StatusAsync(CancellationToken ct)
    {
        await ExecuteAsync("delete from statuses", ct);
        NewStatus status = new(Guid.NewGuid(), 1, "At sea", null, null, null);
        return (await new StatusStore(_database.Source, new RecordedEvents()).PostAsync(_author, status, TimeSpan.FromDays(1), 0, ct)).Status!.Id;
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = _database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }
}

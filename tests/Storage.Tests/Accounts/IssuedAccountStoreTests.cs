using Chat.Storage.Accounts;
using Chat.Storage.Tests.ChatLog;
using Chat.TestKit;
using Npgsql;

namespace Chat.Storage.Tests.Accounts;

/// <summary>Accounts of people of an app with users of its own (ADR 0040), beside others who make, block and rename the same at the same moment.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self), CancelAfter(30_000)]
public sealed class IssuedAccountStoreTests
{
    private const string IsWaiting = "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')";

    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
    private static int _people;

    private ChatLogFixture _fixture = null!;
    private IssuedAccountStore _issued = null!;

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        _fixture = await ChatLogFixture.CreateAsync();
        _issued = new IssuedAccountStore(_fixture.Database.Source, _fixture.Events);
    }

    [OneTimeTearDown]
    public async Task CloseAsync() => await _fixture.DisposeAsync();

    [Test]
    public async Task Of_many_who_make_the_same_account_and_device_one_does(CancellationToken ct)
    {
        IssuedEntry entry = NewEntry();
        long before = await CountAsync("principals", ct);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => _issued.CreateAsync(entry, "Ada", ct)));
        IssuedRow made = await MustReadAsync(entry, ct);
        long?[] devices = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => _issued.CreateDeviceAsync(made.PrincipalId, entry, ct)));

        Assert.That(await CountAsync("principals", ct), Is.EqualTo(before + 1));
        Assert.That(devices.Count(device => device is not null), Is.EqualTo(1));
        IssuedRow row = await MustReadAsync(entry, ct);
        Assert.That((row.DeviceId, row.IsSignedOut, row.IsBlocked), Is.EqualTo((devices.Single(device => device is not null), false, false)));
        Assert.That((row.ClaimedName, row.ClaimedAt, row.LastUsedAt), Is.EqualTo(("Ada", Now, Now)));
    }

    [Test]
    public async Task Many_are_read_at_once_each_at_its_place(CancellationToken ct)
    {
        IssuedEntry ada = NewEntry(), ben = NewEntry();
        await _issued.CreateAsync(ada, "Ada", ct);
        await _issued.CreateAsync(ben, "Ben", ct);
        long adasDevice = (await _issued.CreateDeviceAsync((await MustReadAsync(ada, ct)).PrincipalId, ada, ct))!.Value;

        IReadOnlyList<IssuedRow?> rows = await _issued.ReadAsync(
            [ben.Key, ada.Key with { Issuer = "desk" }, ada.Key, ada.Key with { Session = "other" }, ada.Key], ct);

        Assert.That(rows[1], Is.Null);
        Assert.That((rows[0]!.DeviceId, rows[2]!.DeviceId, rows[3]!.DeviceId), Is.EqualTo(((long?)null, (long?)adasDevice, (long?)null)));
        Assert.That((rows[3]!.PrincipalId, rows[4]), Is.EqualTo((rows[2]!.PrincipalId, rows[2])));
    }

    [Test]
    public async Task A_device_that_comes_while_the_account_is_being_blocked_waits_and_is_not_made(CancellationToken ct)
    {
        IssuedEntry entry = NewEntry();
        await _issued.CreateAsync(entry, "Ada", ct);
        long id = (await MustReadAsync(entry, ct)).PrincipalId;
        await using NpgsqlConnection blocking = await _fixture.Database.Source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await blocking.BeginTransactionAsync(ct);
        await using (NpgsqlCommand block = new($"update accounts set blocked_at = clock_timestamp() where principal_id = {id}", blocking))
            await block.ExecuteNonQueryAsync(ct);

        Task<long?> late = _issued.CreateDeviceAsync(id, entry, ct);
        while (!await AskAsync<bool>(IsWaiting, ct)) Assert.That(late.IsCompleted, Is.False, "it did not wait");
        await transaction.CommitAsync(ct);

        Assert.That(await late, Is.Null);
        Assert.That((await MustReadAsync(entry, ct)).IsBlocked);
    }

    [Test]
    public async Task Of_renames_at_once_the_newest_token_wins_and_the_devices_are_told_of_those_that_count(CancellationToken ct)
    {
        IssuedEntry entry = NewEntry();
        await _issued.CreateAsync(entry, "Ada", ct);
        long id = (await MustReadAsync(entry, ct)).PrincipalId;

        await Task.WhenAll(Enumerable.Range(1, 8).Select(i => _issued.RenameAsync(id, $"Ada {i}", Now + i, ct)));
        await _issued.RenameAsync(id, "Ada 7", Now + 7, ct);
        await _issued.RenameAsync(id, "Ada 8", Now + 9, ct);

        Assert.That(await AskAsync<string>($"select name from principals where id = {id}", ct), Is.EqualTo("Ada 8"));
        long told = await AskAsync<long>($"select count(*) from events e join principals p on p.inbox_chat_id = e.chat_id where p.id = {id} and e.kind = {EventKinds.ProfileChanged}", ct);
        Assert.That(told, Is.InRange(1, 8));
    }

    [Test]
    public async Task Last_use_moves_forward_only(CancellationToken ct)
    {
        IssuedEntry entry = NewEntry();
        await _issued.CreateAsync(entry, "Ada", ct);
        long device = (await _issued.CreateDeviceAsync((await MustReadAsync(entry, ct)).PrincipalId, entry, ct))!.Value;

        await _issued.TouchAsync([(device, Now + 10)], ct);
        await _issued.TouchAsync([(device, Now + 5)], ct);

        Assert.That((await MustReadAsync(entry, ct)).LastUsedAt, Is.EqualTo(Now + 10));
    }

    [Test]
    public void An_account_without_address_and_without_issuer_is_still_refused() =>
        Assert.That(
            async () => await AskAsync<long>($"update accounts set email = null, phone = null where principal_id = {_fixture.Anna} returning principal_id", default),
            Throws.TypeOf<PostgresException>().With.Property(nameof(PostgresException.ConstraintName)).EqualTo("accounts_sign_in"));

    private static IssuedEntry NewEntry() => new(new IssuedKey("shop", $"user {Interlocked.Increment(ref _people)}", "phone"), "Ada", Now);

    private async Task<IssuedRow> MustReadAsync(IssuedEntry entry, CancellationToken ct) => (await _issued.ReadAsync([entry.Key], ct))[0]!;

    private Task<long> CountAsync(string table, CancellationToken ct) => AskAsync<long>($"select count(*) from {table}", ct);

    private async Task<T> AskAsync<T>(string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = _fixture.Database.Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }
}

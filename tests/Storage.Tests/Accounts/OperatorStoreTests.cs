using Chat.Storage.Accounts;
using Chat.Storage.Tests.ChatLog;
using Chat.TestKit;
using Npgsql;

namespace Chat.Storage.Tests.Accounts;

/// <summary>R-025: what an operator does to an account, beside people who sign in at the same moment.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class OperatorStoreTests
{
    private const string IsWaiting = "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')";

    private static readonly DateTimeOffset Later = TimeProvider.System.GetUtcNow().AddDays(30);
    private static int _people;

    private ChatLogFixture _fixture = null!;
    private OperatorStore _operators = null!;
    private DeviceStore _devices = null!;
    private AccountStore _accounts = null!;
    private PasskeyStore _passkeys = null!;

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        _fixture = await ChatLogFixture.CreateAsync();
        _operators = new OperatorStore(_fixture.Database.Source);
        _devices = new DeviceStore(_fixture.Database.Source, new RecordedEvents());
        _accounts = new AccountStore(_fixture.Database.Source);
        _passkeys = new PasskeyStore(_fixture.Database.Source, new RecordedEvents());
    }

    [OneTimeTearDown]
    public async Task CloseAsync() => await _fixture.DisposeAsync();

    [Test, CancelAfter(30_000)]
    public async Task A_block_signs_all_devices_out_once_keeps_its_time_and_lets_no_device_be_made(CancellationToken ct)
    {
        (long id, string email) = await NewAccountAsync(ct);
        long one = (await SignInAsync(id, ct))!.Value, other = (await SignInAsync(id, ct))!.Value;

        OperatorOutcome first = (await _operators.BlockAsync(id, "spam", "root", ct))!;
        OperatorView view = (await _operators.FindAsync(email, ct))!;
        OperatorOutcome again = (await _operators.BlockAsync(id, null, "root", ct))!;
        OperatorView after = (await _operators.FindAsync(email, ct))!;

        Assert.That(first.Changed && !again.Changed);
        Assert.That(first.SignedOut, Is.EquivalentTo(new[] { one, other }));
        Assert.That(again.SignedOut, Is.Empty);
        Assert.That((view.Devices, view.BlockedReason, view.BlockedAt is not null), Is.EqualTo((0, "spam", true)));
        Assert.That(after, Is.EqualTo(view), "twice is harmless");
        Assert.That((await _accounts.FindAsync(id, ct))!.IsBlocked);
        Assert.That(await SignInAsync(id, ct), Is.Null);

        Assert.That((await _operators.UnblockAsync(id, "root", ct))!.Changed);
        Assert.That((await _operators.UnblockAsync(id, "root", ct))!.Changed, Is.False);
        Assert.That((await _operators.FindAsync(email, ct))!.BlockedReason, Is.Null);
        Assert.That(await SignInAsync(id, ct), Is.Not.Null, "with the password of before");
        Assert.That((await OrdersAsync(id, ct)).Select(order => order.Kind), Is.EqualTo(new[] { AccountOrderKind.Blocked, AccountOrderKind.Unblocked }));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_sign_in_that_comes_while_the_account_is_being_blocked_waits_and_gets_no_device(CancellationToken ct)
    {
        (long id, _) = await NewAccountAsync(ct);
        await using NpgsqlConnection blocking = await _fixture.Database.Source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await blocking.BeginTransactionAsync(ct);
        await ExecuteAsync(blocking, $"update accounts set blocked_at = clock_timestamp() where principal_id = {id}", ct);

        Task<long?> late = SignInAsync(id, ct);
        await WaitAsync(late, ct);
        await transaction.CommitAsync(ct);

        Assert.That(await late, Is.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_block_waits_for_a_sign_in_that_came_first_and_signs_its_device_out(CancellationToken ct)
    {
        (long id, _) = await NewAccountAsync(ct);
        await using NpgsqlConnection signingIn = await _fixture.Database.Source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await signingIn.BeginTransactionAsync(ct);
        await ExecuteAsync(signingIn, $"select 1 from accounts where principal_id = {id} for share", ct);
        long device = (long)(await ExecuteAsync(signingIn, $"insert into devices (principal_id, name) values ({id}, 'x') returning id", ct))!;

        Task<OperatorOutcome?> block = _operators.BlockAsync(id, null, "root", ct);
        await WaitAsync(block, ct);
        await transaction.CommitAsync(ct);

        Assert.That((await block)!.SignedOut, Is.EqualTo(new[] { device }));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_sign_in_by_passkey_waits_for_a_block_as_one_by_password_and_is_told(CancellationToken ct)
    {
        (long id, _) = await NewAccountAsync(ct);
        byte[] passkey = await AddPasskeyAsync(id, ct);
        await using NpgsqlConnection blocking = await _fixture.Database.Source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await blocking.BeginTransactionAsync(ct);
        await ExecuteAsync(blocking, $"update accounts set blocked_at = clock_timestamp() where principal_id = {id}", ct);

        Task<UsePasskeyOutcome> late = UsePasskeyAsync(id, passkey, 1, ct);
        await WaitAsync(late, ct);
        await transaction.CommitAsync(ct);

        Assert.That((await late).Status, Is.EqualTo(UsePasskeyStatus.Blocked));
        await _operators.UnblockAsync(id, "root", ct);
        Assert.That((await UsePasskeyAsync(id, passkey, 1, ct)).Status, Is.EqualTo(UsePasskeyStatus.SignedIn), "what was refused counted nothing");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_reset_keeps_passkeys_unless_it_removes_the_second_step(CancellationToken ct)
    {
        (long id, string email) = await NewAccountAsync(ct);
        byte[] passkey = await AddPasskeyAsync(id, ct);

        await _operators.ResetPasswordAsync(new OperatorReset(id, "hash", RemovesTwoStep: false), "root", ct);
        OperatorView kept = (await _operators.FindAsync(email, ct))!;
        UsePasskeyOutcome used = await UsePasskeyAsync(id, passkey, 1, ct);
        OperatorOutcome removed = (await _operators.ResetPasswordAsync(new OperatorReset(id, "hash", RemovesTwoStep: true), "root", ct))!;

        Assert.That(kept.Passkeys, Is.EqualTo(1));
        Assert.That((used.Status, used.Name), Is.EqualTo((UsePasskeyStatus.SignedIn, "Ann")));
        Assert.That(removed.SignedOut, Is.EqualTo(new[] { used.DeviceId }));
        Assert.That((await _operators.FindAsync(email, ct))!.Passkeys, Is.Zero);
        Assert.That((await UsePasskeyAsync(id, passkey, 2, ct)).Status, Is.EqualTo(UsePasskeyStatus.Removed));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_passkey_is_added_to_an_account_with_the_password_that_it_began_with_and_that_is_not_blocked(CancellationToken ct)
    {
        (long id, _) = await NewAccountAsync(ct);
        NewPasskey begun = NewPasskeyOf(id);

        Assert.That((await _passkeys.AddAsync(begun with { PasswordHash = "another" }, ct)).Status, Is.EqualTo(AddPasskeyStatus.PasswordChanged));
        await _operators.BlockAsync(id, null, "root", ct);
        Assert.That((await _passkeys.AddAsync(begun, ct)).Status, Is.EqualTo(AddPasskeyStatus.Blocked));
        await _operators.UnblockAsync(id, "root", ct);
        Assert.That((await _passkeys.AddAsync(begun, ct)).Status, Is.EqualTo(AddPasskeyStatus.Added), "the ceremony was not used up by what was refused");
        Assert.That((await _passkeys.ListAsync(id, ct)).Single().Transports, Is.EqualTo("internal usb"));
    }

    [Test, CancelAfter(30_000)]
    public async Task Notifications_end_with_the_devices(CancellationToken ct)
    {
        (long id, _) = await NewAccountAsync(ct);
        long device = (await SignInAsync(id, ct))!.Value;
        await using NpgsqlConnection connection = await _fixture.Database.Source.OpenConnectionAsync(ct);
        await ExecuteAsync(
            connection,
            $"insert into push_subscriptions (device_id, principal_id, transport, endpoint, endpoint_hash, content) values ({device}, {id}, 2, 'token', 'x', 1)",
            ct);

        await _operators.BlockAsync(id, null, "root", ct);

        Assert.That(await ExecuteAsync(connection, $"select count(*) from push_subscriptions where principal_id = {id}", ct), Is.EqualTo(0L));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_refresh_token_of_a_blocked_account_is_told_so_and_is_not_spent(CancellationToken ct)
    {
        (long id, _) = await NewAccountAsync(ct);
        byte[][] hashes = [.. Enumerable.Range(0, 4).Select(_ => Guid.NewGuid().ToByteArray())];
        await _devices.CreateAsync(id, "hash", "phone", hashes[0], Later, ct);
        await _devices.RotateAsync(hashes[0], hashes[1], Later, ct);
        await _operators.BlockAsync(id, null, "root", ct);

        Assert.That((await _devices.RotateAsync(hashes[1], hashes[2], Later, ct)).Status, Is.EqualTo(RefreshStatus.Blocked));
        Assert.That((await _devices.RotateAsync(hashes[1], hashes[2], Later, ct)).Status, Is.EqualTo(RefreshStatus.Blocked), "again");
        Assert.That((await _devices.RotateAsync(hashes[0], hashes[2], Later, ct)).Status, Is.EqualTo(RefreshStatus.Invalid), "a spent one says nothing");
        Assert.That((await _devices.RotateAsync(hashes[3], hashes[2], Later, ct)).Status, Is.EqualTo(RefreshStatus.Invalid), "nor one of nobody");
        await _operators.UnblockAsync(id, "root", ct);
        Assert.That((await _devices.RotateAsync(hashes[1], hashes[2], Later, ct)).Status, Is.EqualTo(RefreshStatus.Invalid), "the device stays out");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_refresh_that_waited_for_the_block_is_told_of_it(CancellationToken ct)
    {
        (long id, _) = await NewAccountAsync(ct);
        byte[] hash = Guid.NewGuid().ToByteArray();
        await _devices.CreateAsync(id, "hash", "phone", hash, Later, ct);
        await using NpgsqlConnection blocking = await _fixture.Database.Source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await blocking.BeginTransactionAsync(ct);
        await ExecuteAsync(blocking, $"update accounts set blocked_at = clock_timestamp() where principal_id = {id}", ct);
        await ExecuteAsync(blocking, $"update devices set revoked_at = clock_timestamp() where principal_id = {id}", ct);

        Task<RefreshOutcome> late = _devices.RotateAsync(hash, Guid.NewGuid().ToByteArray(), Later, ct);
        await WaitAsync(late, ct);
        await transaction.CommitAsync(ct);

        Assert.That((await late).Status, Is.EqualTo(RefreshStatus.Blocked));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_device_that_was_signed_out_before_the_block_is_not_told_of_it(CancellationToken ct)
    {
        (long id, _) = await NewAccountAsync(ct);
        byte[] before = Guid.NewGuid().ToByteArray(), until = Guid.NewGuid().ToByteArray();
        long signedOut = (await _devices.CreateAsync(id, "hash", "phone", before, Later, ct))!.Value;
        await _devices.CreateAsync(id, "hash", "phone", until, Later, ct);
        await _devices.RevokeAsync(id, signedOut, ct);
        await _operators.BlockAsync(id, null, "root", ct);
        await _operators.BlockAsync(id, "again", "root", ct);

        Assert.That((await _devices.RotateAsync(before, Guid.NewGuid().ToByteArray(), Later, ct)).Status, Is.EqualTo(RefreshStatus.Invalid));
        Assert.That((await _devices.RotateAsync(until, Guid.NewGuid().ToByteArray(), Later, ct)).Status, Is.EqualTo(RefreshStatus.Blocked));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_device_that_a_node_without_blocks_let_in_gets_no_new_token_and_goes_with_the_next_block(CancellationToken ct)
    {
        (long id, _) = await NewAccountAsync(ct);
        await _operators.BlockAsync(id, null, "root", ct);
        byte[] hash = Guid.NewGuid().ToByteArray();
        await using NpgsqlConnection oldNode = await _fixture.Database.Source.OpenConnectionAsync(ct);
        var device = (long)(await ExecuteAsync(
            oldNode,
            $"""
            with device as (insert into devices (principal_id, name) values ({id}, 'phone') returning id), token as (
                insert into refresh_tokens (token_hash, device_id, expires_at) select '\x{Convert.ToHexString(hash)}', id, now() + interval '1 day' from device
            )
            select id from device
            """,
            ct))!;

        Assert.That((await _devices.RotateAsync(hash, Guid.NewGuid().ToByteArray(), Later, ct)).Status, Is.EqualTo(RefreshStatus.Blocked));
        Assert.That((await _operators.BlockAsync(id, null, "root", ct))!.SignedOut, Is.EqualTo(new[] { device }));
    }

    [TestCase(true), TestCase(false), CancelAfter(30_000)]
    public async Task A_reset_changes_the_password_signs_out_voids_codes_and_leaves_the_second_step_unless_told(bool removes, CancellationToken ct)
    {
        (long id, string email) = await NewAccountAsync(ct);
        long device = (await SignInAsync(id, ct))!.Value;
        TwoStepStore twoStep = new(_fixture.Database.Source);
        await twoStep.BeginAsync(id, [1], ct);
        await twoStep.ConfirmAsync(new TwoStepUse(id, [1], 5), [[2]], ct);
        AccountCodeStore codes = new(_fixture.Database.Source);
        Assert.That(await codes.IssueAsync(ResetCode(id, email), ct), Is.Null);

        OperatorOutcome done = (await _operators.ResetPasswordAsync(new OperatorReset(id, "new hash", removes), "root", ct))!;

        Assert.That(done.SignedOut, Is.EqualTo(new[] { device }));
        Assert.That((await _accounts.FindAsync(id, ct))!.PasswordHash, Is.EqualTo("new hash"));
        Assert.That(await codes.ResetPasswordAsync(new SpentCode(id, 3, [7]), "mine", ct), Is.Null, "the code is void");
        Assert.That((await _operators.FindAsync(email, ct))!.HasTwoStep, Is.EqualTo(!removes));
        Assert.That((await OrdersAsync(id, ct)).Single().DeviceIds, Is.EqualTo(new[] { device }));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_code_sets_no_password_of_a_blocked_account_and_is_good_once_that_is_taken_back(CancellationToken ct)
    {
        (long id, string email) = await NewAccountAsync(ct);
        AccountCodeStore codes = new(_fixture.Database.Source);
        await codes.IssueAsync(ResetCode(id, email), ct);
        await _operators.BlockAsync(id, null, "root", ct);

        Assert.That(await codes.ResetPasswordAsync(new SpentCode(id, 3, [7]), "mine", ct), Is.Null);
        Assert.That((await _accounts.FindAsync(id, ct))!.PasswordHash, Is.EqualTo("hash"));
        await _operators.UnblockAsync(id, "root", ct);
        Assert.That(await codes.ResetPasswordAsync(new SpentCode(id, 3, [7]), "mine", ct), Is.Not.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_change_of_the_password_that_was_under_way_does_not_outlast_a_block(CancellationToken ct)
    {
        (long id, _) = await NewAccountAsync(ct);
        await _operators.BlockAsync(id, null, "root", ct);

        Assert.That(await _accounts.ChangePasswordAsync(new PasswordChange(id, "hash", "an intruder's"), 0, ct), Is.Null);
        Assert.That((await _accounts.FindAsync(id, ct))!.PasswordHash, Is.EqualTo("hash"));
    }

    [Test, CancelAfter(30_000)]
    public async Task Nobody_is_not_operated_on(CancellationToken ct)
    {
        Assert.That(await _operators.FindAsync("nobody@example.org", ct), Is.Null);
        Assert.That(await _operators.BlockAsync(int.MaxValue, null, "root", ct), Is.Null);
        Assert.That(await _operators.UnblockAsync(int.MaxValue, "root", ct), Is.Null);
        Assert.That(await _operators.ResetPasswordAsync(new OperatorReset(int.MaxValue, "h", false), "root", ct), Is.Null);
    }

    private static NewAccountCode ResetCode(long id, string email) => new()
    {
        PrincipalId = id,
        Purpose = 3,
        Target = email,
        CodeHash = [7],
        Attempts = 5,
        Lifetime = TimeSpan.FromMinutes(15),
        Pause = TimeSpan.FromMinutes(1),
        LongPause = TimeSpan.FromMinutes(30),
        SoonAgain = 3,
    };

    private async Task<(long Id, string Email)> NewAccountAsync(CancellationToken ct)
    {
        string email = $"operated{Interlocked.Increment(ref _people)}@example.org";
        return ((await _accounts.CreateAsync(new NewAccount("Ann", email, null, "hash"), ct)).PrincipalId, email);
    }

    private static NewPasskey NewPasskeyOf(long id) => new(
        id, "hash", Guid.NewGuid().ToByteArray(), Guid.NewGuid().ToByteArray(), [1], 0, ["internal", "usb"], true, true, "Phone");

    private async Task<byte[]> AddPasskeyAsync(long id, CancellationToken ct) => (await _passkeys.AddAsync(NewPasskeyOf(id), ct)).Passkey!.CredentialId;

    private Task<UsePasskeyOutcome> UsePasskeyAsync(long id, byte[] passkey, long signCount, CancellationToken ct) => _passkeys.UseAsync(
        new PasskeyUse(passkey, id, Guid.NewGuid().ToByteArray(), signCount, true, "phone", Guid.NewGuid().ToByteArray(), Later), ct);

    private Task<long?> SignInAsync(long id, CancellationToken ct) =>
        _devices.CreateAsync(id, "hash", "phone", Guid.NewGuid().ToByteArray(), Later, ct);

    private async Task<AccountOrder[]> OrdersAsync(long id, CancellationToken ct) =>
        [.. (await _operators.ListOrdersAsync(TimeSpan.FromHours(1), [], 1_000, ct)).Where(order => order.PrincipalId == id)];

    private async Task WaitAsync(Task late, CancellationToken ct)
    {
        // Not within a transaction: there it would be shown the same all the time.
        await using NpgsqlConnection connection = await _fixture.Database.Source.OpenConnectionAsync(ct);
        while (!late.IsCompleted && !(bool)(await ExecuteAsync(connection, IsWaiting, ct))!)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        Assert.That(late.IsCompleted, Is.False);
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }
}

using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using Chat.Storage.Tests.Chats;
using Chat.Storage.Tests.ChatLog;
using Chat.TestKit;
using Npgsql;

namespace Chat.Storage.Tests.Accounts;

/// <summary>Accounts, devices, principals and the seeds of sessions.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class AccountTests
{
    private static readonly DateTimeOffset Later = TimeProvider.System.GetUtcNow().AddDays(30);

    private ChatLogFixture _fixture = null!;

    [OneTimeSetUp]
    public async Task OpenAsync() => _fixture = await ChatLogFixture.CreateAsync();

    [OneTimeTearDown]
    public async Task CloseAsync() => await _fixture.DisposeAsync();

    [Test, CancelAfter(30_000)]
    public async Task Account_is_found_by_either_login_and_each_login_is_taken_once(CancellationToken ct)
    {
        var store = new AccountStore(_fixture.Database.Source);

        CreateAccountResult made = await store.CreateAsync(new NewAccount("Zoë", "zoe@example.org", "+4915112345678", "secret-hash"), ct);

        Assert.That(made.Status, Is.EqualTo(CreateAccountStatus.Created));
        AccountRow byEmail = (await store.FindByLoginAsync("zoe@example.org", ct))!;
        Assert.That((byEmail.PrincipalId, byEmail.InboxChatId, byEmail.Name, byEmail.PasswordHash, byEmail.LastSeenAtMs),
            Is.EqualTo((made.PrincipalId, made.InboxChatId, "Zoë", "secret-hash", (long?)null)));
        Assert.That(await store.FindByLoginAsync("+4915112345678", ct), Is.EqualTo(byEmail));
        Assert.That(await store.FindAsync(made.PrincipalId, ct), Is.EqualTo(byEmail));
        Assert.That(await store.FindByLoginAsync("nobody@example.org", ct), Is.Null);
        Assert.That((await store.CreateAsync(new NewAccount("Z", "zoe@example.org", null, "h"), ct)).Status, Is.EqualTo(CreateAccountStatus.EmailTaken));
        Assert.That((await store.CreateAsync(new NewAccount("Z", null, "+4915112345678", "h"), ct)).Status, Is.EqualTo(CreateAccountStatus.PhoneTaken));
    }

    [Test, CancelAfter(30_000)]
    public async Task Refresh_token_works_once_and_its_second_use_signs_the_device_out(CancellationToken ct)
    {
        var store = new DeviceStore(_fixture.Database.Source, new RecordedEvents());
        byte[][] hashes = [.. Enumerable.Range(0, 4).Select(_ => Guid.NewGuid().ToByteArray())];
        long device = (await store.CreateAsync(_fixture.Anna, "hash", "phone", hashes[0], Later, ct))!.Value;

        Assert.That(await store.RotateAsync(hashes[0], hashes[1], Later, ct), Is.EqualTo(new RefreshOutcome(RefreshStatus.Rotated, _fixture.Anna, device)));
        Assert.That((await store.RotateAsync(hashes[1], hashes[2], Later, ct)).Status, Is.EqualTo(RefreshStatus.Rotated));
        Assert.That(await store.RotateAsync(hashes[0], hashes[3], Later, ct), Is.EqualTo(new RefreshOutcome(RefreshStatus.Reused, _fixture.Anna, device)));
        Assert.That((await store.RotateAsync(hashes[2], hashes[3], Later, ct)).Status, Is.EqualTo(RefreshStatus.Invalid), "the device is out");
        Assert.That((await store.RotateAsync([1, 2, 3], hashes[3], Later, ct)).Status, Is.EqualTo(RefreshStatus.Invalid));
    }

    [Test, CancelAfter(30_000)]
    public async Task Sign_in_with_a_password_that_is_being_changed_waits_and_gets_no_device(CancellationToken ct)
    {
        var accounts = new AccountStore(_fixture.Database.Source);
        var devices = new DeviceStore(_fixture.Database.Source, new RecordedEvents());
        long anna = (await accounts.CreateAsync(new NewAccount("Ann", "ann@example.org", null, "old"), ct)).PrincipalId;
        long device = (await devices.CreateAsync(anna, "old", "phone", Guid.NewGuid().ToByteArray(), Later, ct))!.Value;

        await using NpgsqlConnection changing = await _fixture.Database.Source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await changing.BeginTransactionAsync(ct);
        await ExecuteAsync(changing, "update accounts set password_hash = 'new' where email = 'ann@example.org'", ct);
        Task<long?> late = devices.CreateAsync(anna, "old", "thief", Guid.NewGuid().ToByteArray(), Later, ct);
        const string IsWaiting = "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')";
        while (!late.IsCompleted && !(bool)(await ExecuteAsync(changing, IsWaiting, ct))!)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        await transaction.CommitAsync(ct);

        Assert.That(await late, Is.Null);
        Assert.That((await devices.ListAsync(anna, long.MaxValue, 10, ct)).Devices.Select(row => row.Id), Is.EqualTo(new[] { device }));
        Assert.That(await accounts.ChangePasswordAsync(new PasswordChange(anna, "new", "newer"), 0, ct), Is.EqualTo(new[] { device }));
        Assert.That(await accounts.ChangePasswordAsync(new PasswordChange(anna, "new", "newest"), 0, ct), Is.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task One_token_presented_many_times_at_once_is_rotated_once(CancellationToken ct)
    {
        var store = new DeviceStore(_fixture.Database.Source, new RecordedEvents());
        byte[] first = Guid.NewGuid().ToByteArray();
        await store.CreateAsync(_fixture.Anna, "hash", "phone", first, Later, ct);

        RefreshOutcome[] outcomes = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => store.RotateAsync(first, Guid.NewGuid().ToByteArray(), Later, ct)));

        Assert.That(outcomes.Count(outcome => outcome.Status == RefreshStatus.Rotated), Is.EqualTo(1));
        Assert.That(outcomes.Count(outcome => outcome.Status == RefreshStatus.Reused), Is.EqualTo(1));
    }

    [Test, CancelAfter(30_000)]
    public async Task Expired_refresh_token_is_invalid(CancellationToken ct)
    {
        var store = new DeviceStore(_fixture.Database.Source, new RecordedEvents());
        byte[] hash = Guid.NewGuid().ToByteArray();
        await store.CreateAsync(_fixture.Anna, "hash", "phone", hash, TimeProvider.System.GetUtcNow().AddSeconds(-1), ct);

        Assert.That((await store.RotateAsync(hash, [1], Later, ct)).Status, Is.EqualTo(RefreshStatus.Invalid));
    }

    [Test, CancelAfter(30_000)]
    public async Task Devices_are_signed_out_one_by_one_or_all_and_only_by_their_owner(CancellationToken ct)
    {
        var store = new DeviceStore(_fixture.Database.Source, new RecordedEvents());
        long person = await _fixture.People.CreateAsync();
        long[] devices = new long[3];
        for (int i = 0; i < 3; i++)
            devices[i] = (await store.CreateAsync(person, "hash", $"device {i}", Guid.NewGuid().ToByteArray(), Later, ct))!.Value;

        Assert.That(await store.RevokeAsync(_fixture.Ben, devices[0], ct), Is.False);
        Assert.That(await store.RevokeAsync(person, devices[0], ct), Is.True);
        Assert.That(await store.RevokeAsync(person, devices[0], ct), Is.False);
        Assert.That(await store.RevokeAllAsync(person, ct), Is.EquivalentTo(devices[1..]));
    }

    [Test, CancelAfter(30_000), Property("Promise", "P7")]
    public async Task Seeds_of_many_sessions_come_in_one_query_in_the_order_of_the_keys(CancellationToken ct)
    {
        var devices = new DeviceStore(_fixture.Database.Source, new RecordedEvents());
        var store = new SessionStore(_fixture.Database.Source);
        long ofAnna = (await devices.CreateAsync(_fixture.Anna, "hash", "a", Guid.NewGuid().ToByteArray(), Later, ct))!.Value;
        long ofBen = (await devices.CreateAsync(_fixture.Ben, "hash", "b", Guid.NewGuid().ToByteArray(), Later, ct))!.Value;
        long revoked = (await devices.CreateAsync(_fixture.Ben, "hash", "c", Guid.NewGuid().ToByteArray(), Later, ct))!.Value;
        await devices.RevokeAsync(_fixture.Ben, revoked, ct);

        IReadOnlyList<SessionSeed?> seeds = await store.ReadAsync(
            [new(_fixture.Ben, ofBen), new(_fixture.Ben, ofAnna), new(_fixture.Ben, revoked), new(_fixture.Anna, ofAnna), new(_fixture.Ben, ofBen), new(5, 999_999)],
            ct);

        Assert.That(seeds.Select(seed => seed?.Name), Is.EqualTo(new[] { "Ben", null, null, "Anna", "Ben", null }));
        SessionSeed ben = seeds[0]!;
        Assert.That(ben.Memberships.Select(m => m.ChatId), Is.SupersetOf(new[] { ben.InboxChatId, _fixture.Group }));
        SessionMembership group = ben.Memberships.Single(m => m.ChatId == _fixture.Group);
        Assert.That((group.Kind, group.HeadSequence, group.JoinedAtSequence), Is.EqualTo((ChatKinds.Group, 2L, 1L)));
        Assert.That(group.Epoch, Is.InRange(1, (1L << 53) - 1));
        Assert.That(ben.Memberships.Single(m => m.ChatId == ben.InboxChatId).Kind, Is.EqualTo(ChatKinds.Inbox));
    }

    [Test, CancelAfter(30_000)]
    public async Task Device_is_signed_in_for_its_owner_until_it_is_revoked(CancellationToken ct)
    {
        var devices = new DeviceStore(_fixture.Database.Source, new RecordedEvents());
        var store = new SessionStore(_fixture.Database.Source);
        long device = (await devices.CreateAsync(_fixture.Ben, "hash", "b", Guid.NewGuid().ToByteArray(), Later, ct))!.Value;

        bool ofOwner = await store.IsSignedInAsync(new(_fixture.Ben, device), ct);
        bool ofAnother = await store.IsSignedInAsync(new(_fixture.Anna, device), ct);
        bool unknown = await store.IsSignedInAsync(new(_fixture.Ben, 999_999), ct);
        await devices.RevokeAsync(_fixture.Ben, device, ct);
        bool revoked = await store.IsSignedInAsync(new(_fixture.Ben, device), ct);

        Assert.That((ofOwner, ofAnother, unknown, revoked), Is.EqualTo((true, false, false, false)));
    }

    [Test, CancelAfter(30_000), Property("Promise", "P7"), Property("Promise", "P9")]
    public async Task Head_of_a_chat_one_has_left_is_its_last_visible_sequence(CancellationToken ct)
    {
        (long anna, long ben) = (await _fixture.People.CreateAsync(), await _fixture.People.CreateAsync());
        long here = await _fixture.People.CreateGroupAsync(anna, ben);
        long left = await _fixture.People.CreateGroupAsync(anna, ben);
        long never = await _fixture.People.CreateGroupAsync(anna);
        var memberships = new MembershipStore(_fixture.Database.Source, _fixture.Events);
        await memberships.LeaveAsync(left, ben, ct); // 3
        await new ChatDetailsStore(_fixture.Database.Source, _fixture.Events).RenameAsync(left, anna, "later", ct); // 4

        IReadOnlyList<PositionHead> heads = await new SessionStore(_fixture.Database.Source).ReadHeadsAsync(ben, [here, left, never, 999_999], ct);

        Assert.That(heads.Select(head => (head.ChatId, head.VisibleHead, head.IsMember)), Is.EquivalentTo(new[] { (here, 2L, true), (left, 3L, false) }));
    }

    [Test, CancelAfter(30_000)]
    public async Task Principals_are_seen_by_those_who_share_or_shared_a_chat(CancellationToken ct)
    {
        long[] people = await _fixture.People.CreateManyAsync(4);
        (long asker, long friend, long former, long stranger) = (people[0], people[1], people[2], people[3]);
        long group = await _fixture.People.CreateGroupAsync(asker, friend, former);
        await new MembershipStore(_fixture.Database.Source, _fixture.Events).LeaveAsync(group, former, ct);
        var store = new PrincipalStore(_fixture.Database.Source);
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        await store.TouchLastSeenAsync([(friend, at), (friend, at.AddHours(-1)), (former, at)], ct);
        await store.TouchLastSeenAsync([(former, at.AddHours(-2))], ct);

        IReadOnlyList<PrincipalRow> found = await store.FindSharingChatAsync(asker, people, ct);

        Assert.That(found.Select(row => (row.Id, row.Kind, row.SharesNow, row.LastSeenAtMs)), Is.EqualTo(new[]
        {
            (asker, PrincipalKinds.Person, true, (long?)null),
            (friend, PrincipalKinds.Person, true, at.ToUnixTimeMilliseconds()),
            (former, PrincipalKinds.Person, false, at.ToUnixTimeMilliseconds()),
        }));
        AccountRow account = (await _fixture.People.Accounts.FindAsync(stranger, ct))!;
        Assert.That((await store.FindByEmailOrPhoneAsync(asker, account.Email!, ct))!.Id, Is.EqualTo(stranger));
        Assert.That(await store.FindByEmailOrPhoneAsync(asker, "nobody@example.org", ct), Is.Null);
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }
}

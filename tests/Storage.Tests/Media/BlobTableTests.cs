using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using Chat.Storage.Media;
using Chat.Storage.People;
using Chat.TestKit;
using Npgsql;

namespace Chat.Storage.Tests.Media;

[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class BlobTableTests
{
    private const long Quota = 1000;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private TestDatabase _database = null!;
    private BlobTable _blobs = null!;
    private ChunkTable _chunks = null!;
    private BlobGarbage _garbage = null!;
    private long _anna;
    private long _ben;
    private long _group;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        _database = await TestDatabase.CreateAsync();
        (_blobs, _chunks, _garbage) = (new(_database.Source), new(_database.Source), new(_database.Source));
    }

    [SetUp]
    public async Task NewPeopleAsync()
    {
        await ExecuteAsync("delete from blob_objects; delete from blob_garbage; delete from blobs; delete from blob_usage");
        AccountStore accounts = new(_database.Source);
        _anna = await PersonAsync(accounts, "anna");
        _ben = await PersonAsync(accounts, "ben");
        _group = (await new MembershipStore(_database.Source, new RecordedEvents()).CreateGroupAsync(_anna, "Group", [_ben], 10, default)).ChatId;
    }

    [OneTimeTearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test, CancelAfter(30_000)]
    public async Task Room_is_taken_up_to_the_quota_and_given_back(CancellationToken ct)
    {
        NewBlob first = Blob(600);

        Assert.That(await _blobs.ReserveAsync(first, Day, Quota, ct), Is.EqualTo(ReserveStatus.Reserved));
        Assert.That(await _blobs.ReserveAsync(Blob(401), Day, Quota, ct), Is.EqualTo(ReserveStatus.OverQuota));
        Assert.That(await _blobs.ReserveAsync(Blob(400), Day, Quota, ct), Is.EqualTo(ReserveStatus.Reserved));
        Assert.That(await _blobs.ReserveAsync(Blob(1001, owner: _ben), Day, Quota, ct), Is.EqualTo(ReserveStatus.OverQuota), "alone too large");
        Assert.That(await _blobs.ReadUsageAsync(_anna, ct), Is.EqualTo(1000));

        Assert.That(await _blobs.FinishAsync(Finished(first, bytes: 550), ct), Is.True);
        Assert.That(await _blobs.ReadUsageAsync(_anna, ct), Is.EqualTo(950), "what a file takes counts, not what was announced");

        Assert.That(await _blobs.DeleteAsync(first.Id, ct), Is.True);
        Assert.That(await _blobs.DeleteAsync(first.Id, ct), Is.False);
        Assert.That(await _blobs.ReadUsageAsync(_anna, ct), Is.EqualTo(400));
    }

    [Test, CancelAfter(30_000)]
    public async Task Only_members_reserve_for_a_chat_and_only_admins_its_picture(CancellationToken ct)
    {
        long outsider = await PersonAsync(new AccountStore(_database.Source), "eve");

        Assert.That(await _blobs.ReserveAsync(Blob(1, _ben, _group), Day, Quota, ct), Is.EqualTo(ReserveStatus.Reserved));
        Assert.That(await _blobs.ReserveAsync(Blob(1, outsider, _group), Day, Quota, ct), Is.EqualTo(ReserveStatus.ChatNotFound));
        Assert.That(await _blobs.ReserveAsync(Blob(1, _ben, 4_000_000), Day, Quota, ct), Is.EqualTo(ReserveStatus.ChatNotFound));
        Assert.That(await _blobs.ReserveAsync(Blob(1, _anna, _group) with { ForChange = true }, Day, Quota, ct), Is.EqualTo(ReserveStatus.Reserved));
        Assert.That(await _blobs.ReserveAsync(Blob(1, _ben, _group) with { ForChange = true }, Day, Quota, ct), Is.EqualTo(ReserveStatus.NotAllowed));
    }

    [Test, CancelAfter(30_000)]
    public async Task Who_may_write_in_a_chat_uploads_to_it_and_who_may_change_it_uploads_its_picture(CancellationToken ct)
    {
        var details = new ChatDetailsStore(_database.Source, new RecordedEvents());
        NewBlob file = Blob(1, _ben, _group), picture = Blob(1, _ben, _group) with { Purpose = 3, ForChange = true };

        await details.ChangeAsync(_group, _anna, new ChatDetailsChange { SendRole = MemberRoles.Admin, EditRole = MemberRoles.Member }, ct);

        Assert.That(await _blobs.ReserveAsync(file, Day, Quota, ct), Is.EqualTo(ReserveStatus.NotAllowed));
        Assert.That(await _blobs.ReserveAsync(picture, Day, Quota, ct), Is.EqualTo(ReserveStatus.Reserved));
        Assert.That(await _blobs.ReserveAsync(Blob(1, _anna, _group), Day, Quota, ct), Is.EqualTo(ReserveStatus.Reserved));
    }

    [Test, CancelAfter(30_000)]
    public async Task Nobody_uploads_into_an_inbox(CancellationToken ct)
    {
        long inbox = (long)(await ScalarAsync($"select inbox_chat_id from principals where id = {_anna}"))!;

        Assert.That(await _blobs.ReserveAsync(Blob(1, _anna, inbox), Day, Quota, ct), Is.EqualTo(ReserveStatus.ChatNotFound));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_file_is_finished_once_and_not_after_its_deletion(CancellationToken ct)
    {
        NewBlob one = Blob(10);
        NewBlob gone = Blob(10);
        await _blobs.ReserveAsync(one, Day, Quota, ct);
        await _blobs.ReserveAsync(gone, Day, Quota, ct);
        await _blobs.DeleteAsync(gone.Id, ct);

        Assert.That(await _blobs.FindStoredAsync(one.Id, ct), Is.Null, "not before it is finished");
        Assert.That(await _blobs.FinishAsync(Finished(one), ct), Is.True);
        Assert.That(await _blobs.FinishAsync(Finished(one), ct), Is.False);
        Assert.That(await _blobs.FinishAsync(Finished(gone), ct), Is.False);
        Assert.That(await _blobs.FindStoredAsync(one.Id, ct), Is.Not.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task Who_is_what_to_a_file_is_told(CancellationToken ct)
    {
        NewBlob blob = Blob(10, _ben, _group);
        await _blobs.ReserveAsync(blob, Day, Quota, ct);
        long outsider = await PersonAsync(new AccountStore(_database.Source), "eve");

        BlobAccess admin = (await _blobs.FindAsync(blob.Id, _anna, ct))!;
        BlobAccess member = (await _blobs.FindAsync(blob.Id, _ben, ct))!;
        BlobAccess stranger = (await _blobs.FindAsync(blob.Id, outsider, ct))!;

        Assert.That((admin.IsShown, admin.IsAdmin), Is.EqualTo((false, true)), "no message shows it");
        Assert.That((member.IsShown, member.IsAdmin), Is.EqualTo((false, false)));
        Assert.That((stranger.IsShown, stranger.IsAdmin), Is.EqualTo((false, false)));
        Assert.That(await _blobs.FindAsync(Guid.NewGuid(), _anna, ct), Is.Null);
        NewBlob picture = Blob(10, _anna, _group) with { Purpose = 3, ForChange = true };
        await _blobs.ReserveAsync(picture, Day, Quota, ct);
        Assert.That((await _blobs.FindAsync(picture.Id, _ben, ct))!.IsShown, Is.True, "a group's picture is its members'");
        Assert.That((await _blobs.FindAsync(picture.Id, outsider, ct))!.IsShown, Is.False);
    }

    [TestCase(1, false, true)]
    [TestCase(1, true, true)]
    [TestCase(2, false, false)]
    [TestCase(2, true, true)]
    [TestCase(3, false, false)]
    [TestCase(3, true, false)]
    [CancelAfter(30_000)]
    public async Task A_profiles_picture_is_for_whom_it_is_shown_to(int audience, bool isContact, bool isShown, CancellationToken ct)
    {
        ProfileStore profiles = new(_database.Source, new RecordedEvents());
        NewBlob picture = Blob(10) with { Purpose = 2 }, former = Blob(10) with { Purpose = 2 }, file = Blob(10, _anna, _group);
        foreach (NewBlob blob in (NewBlob[])[picture, former, file]) await _blobs.ReserveAsync(blob, Day, Quota, ct);
        await profiles.SetPrivacyAsync(_anna, new PrivacyChange(null, (short)audience, null, null), ct);
        if (isContact) await ExecuteAsync($"insert into contacts (principal_id, contact_id) values ({_anna}, {_ben})");
        else await ExecuteAsync($"insert into contacts (principal_id, contact_id) values ({_ben}, {_anna})"); // that ben keeps her is no matter

        Assert.That(await IsShownAsync(picture, _ben, ct), Is.False, "no profile refers to it");
        await ReferAsync(former);
        await ReferAsync(picture);
        Assert.That(await IsShownAsync(picture, _ben, ct), Is.EqualTo(isShown));
        Assert.That(await IsShownAsync(former, _ben, ct), Is.False, "another one is shown by now");
        Assert.That(await IsShownAsync(picture, _anna, ct), Is.True);

        await ExecuteAsync($"insert into blocks (principal_id, blocked_id) values ({_ben}, {_anna})");
        Assert.That(await IsShownAsync(picture, _ben, ct), Is.False, "one has blocked the other");
        await ExecuteAsync("delete from blocks");
        await ReferAsync(file);
        Assert.That(await IsShownAsync(file, _ben, ct), Is.False, "a file of a chat is no picture, whatever a profile says");
        await profiles.UpdateAsync(_ben, new ProfileChange(null, null, picture.Id.ToString("N")), ct);
        Assert.That(await IsShownAsync(picture, _ben, ct), Is.False, "another's profile opens nothing");
        await ExecuteAsync("delete from contacts");

        Task<PeopleStatus> ReferAsync(NewBlob blob) => profiles.UpdateAsync(_anna, new ProfileChange(null, null, blob.Id.ToString("N")), ct);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_groups_picture_is_its_members_and_who_looks_at_it_by_an_invite_that_lets_people_in(CancellationToken ct)
    {
        const string Code = "aaaaaaaaaaaaaaaaaaaaaa", Elsewhere = "bbbbbbbbbbbbbbbbbbbbbb";
        var details = new ChatDetailsStore(_database.Source, new RecordedEvents());
        var invites = new InviteStore(_database.Source, new RecordedEvents());
        var memberships = new MembershipStore(_database.Source, new RecordedEvents());
        long eve = await PersonAsync(new AccountStore(_database.Source), "eve");
        long another = (await memberships.CreateGroupAsync(_anna, "Another", [], 10, ct)).ChatId;
        NewBlob picture = Blob(10, _anna, _group) with { Purpose = 3 }, former = Blob(10, _anna, _group) with { Purpose = 3 };
        foreach (NewBlob blob in (NewBlob[])[picture, former]) await _blobs.ReserveAsync(blob, Day, Quota, ct);
        foreach ((long chat, string code) in ((long, string)[])[(_group, Code), (another, Elsewhere)])
            Assert.That((await invites.CreateAsync(chat, _anna, code, (null, null), ct)).Status, Is.EqualTo(MembershipStatus.Done));
        await details.ChangeAsync(_group, _anna, new ChatDetailsChange { Avatar = picture.Id.ToString("N") }, ct);

        Assert.That(await IsShownAsync(picture, _ben, ct) && await IsShownAsync(former, _ben, ct), "members");
        Assert.That(await IsShownAsync(picture, eve, ct), Is.False);
        Assert.That(await IsShownAsync(picture, eve, ct, Code), Is.True);
        Assert.That(await IsShownAsync(picture, eve, ct, Elsewhere), Is.False, "a link to another chat");
        Assert.That(await IsShownAsync(former, eve, ct, Code), Is.False, "it is not what one is shown before joining");
        await memberships.RemoveMemberAsync(_group, _anna, _ben, ct);
        Assert.That(await IsShownAsync(picture, _ben, ct), Is.False, "not a member any more");
        await invites.RevokeAsync(_group, _anna, Code, ct);
        Assert.That(await IsShownAsync(picture, eve, ct, Code), Is.False, "the link is revoked");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_public_channels_picture_is_everybodys_and_that_of_one_without_a_name_its_readers(CancellationToken ct)
    {
        var channels = new ChannelStore(_database.Source, new RecordedEvents());
        var details = new ChatDetailsStore(_database.Source, new RecordedEvents());
        long channel = (await channels.CreateAsync(_anna, new NewChannel("News", null, null, $"news_{_anna}"), ct)).ChatId;
        NewBlob picture = Blob(10, _anna, channel) with { Purpose = 3 };
        await _blobs.ReserveAsync(picture, Day, Quota, ct);

        Assert.That(await IsShownAsync(picture, _ben, ct), Is.False, "the channel has another picture, or none");
        await details.ChangeAsync(channel, _anna, new ChatDetailsChange { Avatar = picture.Id.ToString("N") }, ct);
        Assert.That(await IsShownAsync(picture, _ben, ct), Is.True);
        await details.ChangeAsync(channel, _anna, new ChatDetailsChange { Handle = "" }, ct);
        Assert.That(await IsShownAsync(picture, _ben, ct), Is.False);
    }

    [Test, CancelAfter(30_000)]
    public async Task Of_two_chunks_at_one_place_the_first_counts(CancellationToken ct)
    {
        NewBlob blob = Blob(100) with { ObjectId = null };
        await _blobs.ReserveAsync(blob, Day, Quota, ct);
        ChunkRow one = new(Guid.NewGuid(), 0, 60);
        ChunkRow other = new(Guid.NewGuid(), 0, 50);

        Assert.That(await _chunks.EnterAsync(blob.Id, one, ct), Is.True);
        Assert.That(await _chunks.EnterAsync(blob.Id, other, ct), Is.True);
        Assert.That(await _chunks.TakeAsync(blob.Id, one.ObjectId, Day, ct), Is.EqualTo(60));
        Assert.That(await _chunks.TakeAsync(blob.Id, other.ObjectId, Day, ct), Is.Null);
        Assert.That(await _chunks.TakeAsync(blob.Id, one.ObjectId, Day, ct), Is.Null, "once");
        Assert.That(await _chunks.EnterAsync(blob.Id, new ChunkRow(Guid.NewGuid(), 61, 1), ct), Is.False, "a gap");
        Assert.That(await _chunks.EnterAsync(blob.Id, new ChunkRow(Guid.NewGuid(), 60, 41), ct), Is.False, "too long");
        Assert.That(await _chunks.ListAsync(blob.Id, ct), Is.EqualTo(new[] { one }));
        Assert.That(await _chunks.EnterWholeAsync(blob.Id, Guid.NewGuid(), ct), Is.False, "not all has come");
    }

    [Test, CancelAfter(30_000)]
    public async Task What_a_finished_file_does_not_need_is_garbage(CancellationToken ct)
    {
        NewBlob blob = Blob(10) with { ObjectId = null };
        await _blobs.ReserveAsync(blob, Day, Quota, ct);
        ChunkRow chunk = new(Guid.NewGuid(), 0, 10);
        ChunkRow late = new(Guid.NewGuid(), 0, 10);
        Guid whole = Guid.NewGuid();
        await _chunks.EnterAsync(blob.Id, chunk, ct);
        await _chunks.EnterAsync(blob.Id, late, ct);
        await _chunks.TakeAsync(blob.Id, chunk.ObjectId, Day, ct);
        await _chunks.EnterWholeAsync(blob.Id, whole, ct);

        Assert.That(await _blobs.FinishAsync(Finished(blob, whole), ct), Is.True);

        Assert.That(await _garbage.ListDueAsync(10, ct), Is.EqualTo(new[] { chunk.ObjectId }), "what may still be written waits an hour");
        await _blobs.DeleteAsync(blob.Id, ct);
        Assert.That(await _garbage.ListDueAsync(10, ct), Is.EquivalentTo(new[] { chunk.ObjectId, whole }));
        await _garbage.PostponeAsync([chunk.ObjectId], Day, ct);
        await _garbage.RemoveAsync([whole], ct);
        Assert.That(await _garbage.ListDueAsync(10, ct), Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task Files_and_uploads_whose_time_is_over_go_with_their_room(CancellationToken ct)
    {
        NewBlob kept = Blob(10);
        NewBlob over = Blob(20);
        NewBlob unfinished = Blob(30);
        foreach (NewBlob blob in (NewBlob[])[kept, over]) await _blobs.ReserveAsync(blob, Day, Quota, ct);
        await _blobs.ReserveAsync(unfinished, TimeSpan.FromMilliseconds(-1), Quota, ct);
        await _blobs.FinishAsync(Finished(kept), ct);
        await _blobs.FinishAsync(Finished(over) with { KeptFor = TimeSpan.FromMilliseconds(-1) }, ct);

        Assert.That(await _garbage.ExpireAsync(1, ct), Is.EqualTo(1));
        Assert.That(await _garbage.ExpireAsync(10, ct), Is.EqualTo(1));
        Assert.That(await _garbage.ExpireAsync(10, ct), Is.Zero);

        Assert.That(await _blobs.ReadUsageAsync(_anna, ct), Is.EqualTo(10));
        Assert.That(await _blobs.FindStoredAsync(kept.Id, ct), Is.Not.Null);
        Assert.That(await _garbage.ListDueAsync(10, ct), Is.EqualTo(new[] { over.ObjectId!.Value }));
        Assert.That(await _garbage.ForgetAsync(10, ct), Is.Zero, "not before a day");
        await ExecuteAsync("update blobs set deleted_at = deleted_at - interval '2 days' where state = 3");
        Assert.That(await _garbage.ForgetAsync(10, ct), Is.EqualTo(1), "the row of what was a file stays");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_name_that_came_to_nothing_is_garbage_at_once(CancellationToken ct)
    {
        NewBlob blob = Blob(10);
        await _blobs.ReserveAsync(blob, Day, Quota, ct);

        await _garbage.DiscardAsync(blob.ObjectId!.Value, ct);

        Assert.That(await _garbage.ListDueAsync(10, ct), Is.EqualTo(new[] { blob.ObjectId.Value }));
    }

    private async Task<bool> IsShownAsync(NewBlob blob, long principalId, CancellationToken ct, string? invite = null) =>
        (await _blobs.FindAsync(blob.Id, principalId, invite, ct))!.IsShown;

    private NewBlob Blob(long bytes, long? owner = null, long? chat = null) =>
        new(Guid.NewGuid(), owner ?? _anna, chat, 1, ForChange: false, "a.png", bytes, Guid.NewGuid());

    private static FinishedBlob Finished(NewBlob blob, Guid? objectId = null, long? bytes = null) =>
        new(blob.Id, objectId ?? blob.ObjectId!.Value, "image/png", blob.Bytes, bytes ?? blob.Bytes, KeptFor: null, UnshownFor: null);

    private static async Task<long> PersonAsync(AccountStore accounts, string name) =>
        (await accounts.CreateAsync(new NewAccount(name, $"{name}.{Guid.NewGuid():N}@example.com", null, "none"), default)).PrincipalId;

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = _database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using NpgsqlCommand command = _database.Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}

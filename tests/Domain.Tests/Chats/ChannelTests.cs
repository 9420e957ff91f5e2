using Chat.Domain.Chats;
using Chat.Domain.Limits;
using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Domain.Presence;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage;
using Chat.Storage.Chats;
using Chat.Storage.Media;
using Chat.Storage.Messages;

namespace Chat.Domain.Tests.Chats;

/// <summary>Channels: one to many, protocol-spec.md §8.9.</summary>
public sealed class ChannelTests : WorldFixture
{
    private ChannelStore Channels => new(World.Source, World.Events);

    private CreateChannel Create => new(Channels, World.GetChat, World.Limits);

    private JoinChat Join => new(new InviteStore(World.Source, World.Events), Channels, World.GetChat, World.Limits);

    [Test, CancelAfter(60_000)]
    public async Task Readers_see_all_that_was_written_and_nobody_learns_of_them(CancellationToken ct)
    {
        (Caller anna, long channel) = await NewAsync("harbour_1");
        Caller bert = await World.PersonAsync("Bert"), cem = await World.PersonAsync("Cem");
        long early = await World.SendAsync(anna, channel, "early");

        ChatRow joined = (await Join.SubscribeAsync(bert, "harbour_1", ct)).Value;
        Assert.That((await Join.SubscribeAsync(bert, "harbour_1", ct)).Value.ChatId, Is.EqualTo(channel), "twice is once");
        await Join.SubscribeAsync(cem, "harbour_1", ct);
        long late = await World.SendAsync(anna, channel, "late");

        Assert.That((joined.Kind, joined.Unread, joined.LastEvent!.Sequence, joined.MemberCount), Is.EqualTo((ChatKinds.Channel, 0L, early, 2)));
        ChatRow seen = (await World.GetChat.ExecuteAsync(bert, channel, ct)).Value;
        Assert.That((seen.Unread, seen.LastEvent!.Sequence, seen.MemberCount, seen.OthersReadUpTo), Is.EqualTo((1L, late, 3, 0L)));
        Assert.That(seen.Details, Is.EqualTo(new ChatDetailsRow(2, 2, 2, Handle: "harbour_1")));
        Assert.That(await ReadAsync(bert, channel), Is.EqualTo(new[] { 1, early, late }));
        Assert.That((await World.ListChats.ExecuteAsync(bert, null, null, ct)).Value.Chats.Single().ChatId, Is.EqualTo(channel));
        FailureAssert.Failed(await World.ListMembers.ExecuteAsync(bert, channel, null, null, ct), ErrorCode.NotAllowed, "chat_id");
        Assert.That((await World.ListMembers.ExecuteAsync(anna, channel, null, null, ct)).Value.Members, Has.Count.EqualTo(3));
        Assert.That(await World.Principals.FindSharingChatAsync(bert.PrincipalId, [anna.PrincipalId, cem.PrincipalId], ct), Is.Empty,
            "readers of one channel are strangers");
        Assert.That(World.Events.Committed.Where(row => row.ChatId == channel).Select(row => row.Kind),
            Is.EqualTo(new[] { EventKinds.ChatCreated, EventKinds.Message, EventKinds.Message }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Only_admins_write_react_and_edit_and_typing_and_receipts_are_nobodys(CancellationToken ct)
    {
        (Caller anna, long channel) = await NewAsync("harbour_2");
        Caller bert = await World.PersonAsync("Bert");
        await Join.SubscribeAsync(bert, "harbour_2", ct);
        long post = await World.SendAsync(anna, channel, "post");

        FailureAssert.Failed(
            await World.Send.ExecuteAsync(bert, new SendMessageInput(channel, Guid.NewGuid(), "me too", null)), ErrorCode.NotAllowed, "chat_id");
        FailureAssert.Failed(await World.React.ExecuteAsync(bert, channel, Guid.NewGuid(), post, "👍", ct), ErrorCode.NotAllowed, "sequence");
        Caller cem = await World.PersonAsync("Cem");
        FailureAssert.Failed(await World.AddMembers.ExecuteAsync(anna, channel, [cem.PrincipalId], ct), ErrorCode.NotAllowed, "chat_id");
        await World.Edit.ExecuteAsync(anna, channel, Guid.NewGuid(), post, "post, corrected", ct);
        Assert.That(World.Events.Committed.Last().Text, Is.EqualTo("post, corrected"), "all readers see all, so nothing is kept from the push");

        int told = World.Fanout.Published.Count;
        ChatRow before = (await World.Chats.FindAsync(channel, bert.PrincipalId, ct))!;
        await World.MarkDelivered.ExecuteAsync(bert, channel, post);
        ChatRow after = (await World.Chats.FindAsync(channel, bert.PrincipalId, ct))!;
        Assert.That((after.DeliveredUpTo, World.Fanout.Published.Count), Is.EqualTo((before.DeliveredUpTo, told)), "20,000 rows for each post");
        await World.MarkRead.ExecuteAsync(bert, channel, post);
        SetTyping typing = new(World.Fanout, World.Chats, World.Limits, World.DirectBlocks);
        Assert.That((await typing.ExecuteAsync(anna, channel, active: true, exceptSessionId: 0, ct)).IsOk);
        Assert.That(World.Fanout.Published.Skip(told).Select(push => push.ChatId), Has.None.EqualTo(channel));
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_leaves_keeps_what_was_and_the_last_admin_stays(CancellationToken ct)
    {
        (Caller anna, long channel) = await NewAsync("harbour_3");
        Caller bert = await World.PersonAsync("Bert");
        long one = await World.SendAsync(anna, channel);
        for (int round = 0; round < 3; round++)
        {
            await Join.SubscribeAsync(bert, "harbour_3", ct);
            Assert.That((await World.Memberships.LeaveAsync(channel, bert.PrincipalId, ct)).Status, Is.EqualTo(MembershipStatus.Done));
        }

        long two = await World.SendAsync(anna, channel);
        Assert.That(await ReadAsync(bert, channel), Is.EqualTo(new[] { 1, one }));
        FailureAssert.Failed(await World.GetChat.ExecuteAsync(bert, channel, ct), ErrorCode.ChatNotFound, "chat_id");
        await Join.SubscribeAsync(bert, "harbour_3", ct);
        Assert.That(await ReadAsync(bert, channel), Is.EqualTo(new[] { 1, one, two }));
        Assert.That((await World.GetChat.ExecuteAsync(anna, channel, ct)).Value.MemberCount, Is.EqualTo(2));

        Assert.That((await World.Memberships.LeaveAsync(channel, anna.PrincipalId, ct)).Status, Is.EqualTo(MembershipStatus.NotAllowed));
        await World.Memberships.SetRoleAsync(channel, anna.PrincipalId, bert.PrincipalId, MemberRoles.Admin, ct);
        Assert.That((await World.Memberships.LeaveAsync(channel, anna.PrincipalId, ct)).Status, Is.EqualTo(MembershipStatus.Done));
        long three = await World.SendAsync(bert, channel, "now an admin");
        Assert.That(await ReadAsync(anna, channel), Has.None.EqualTo(three));
        Assert.That((await World.RemoveMember.ExecuteAsync(bert, channel, anna.PrincipalId, ct)).Failure!.Code, Is.EqualTo(ErrorCode.NotAMember));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_was_cleared_stays_cleared_for_who_comes_again(CancellationToken ct)
    {
        (Caller anna, long channel) = await NewAsync("harbour_4");
        Caller bert = await World.PersonAsync("Bert");
        await World.SendAsync(anna, channel);
        await Join.SubscribeAsync(bert, "harbour_4", ct);
        await new OwnSettingsStore(World.Source, World.Events).ClearAsync(bert.PrincipalId, channel, null, ct);
        Assert.That(await ReadAsync(bert, channel), Is.Empty);

        await World.Memberships.LeaveAsync(channel, bert.PrincipalId, ct);
        await Join.SubscribeAsync(bert, "harbour_4", ct);
        long news = await World.SendAsync(anna, channel);

        Assert.That(await ReadAsync(bert, channel), Is.EqualTo(new[] { news }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Whom_an_admin_removed_comes_back_by_an_admin_alone(CancellationToken ct)
    {
        (Caller anna, long channel) = await NewAsync("harbour_7");
        Caller bert = await World.PersonAsync("Bert"), cem = await World.PersonAsync("Cem");
        Invites invites = new(new InviteStore(World.Source, World.Events), World.Limits, World.Time);
        string code = (await invites.CreateAsync(anna, channel, null, null, ct)).Value.Code;
        foreach (Caller reader in (Caller[])[bert, cem]) await Join.SubscribeAsync(reader, "harbour_7", ct);
        await World.RemoveMember.ExecuteAsync(anna, channel, bert.PrincipalId, ct);
        long missed = await World.SendAsync(anna, channel);

        Result<ChatRow> refused = await Join.SubscribeAsync(bert, "harbour_7", ct);
        FailureAssert.Failed(refused, ErrorCode.NotAllowed, "handle");
        Assert.That(refused.Failure!.Message, Does.Contain("removed you"));
        FailureAssert.Failed(await Join.JoinAsync(bert, code, ct), ErrorCode.NotAllowed, "code");
        FailureAssert.Failed(await World.AddMembers.ExecuteAsync(cem, channel, [bert.PrincipalId], ct), ErrorCode.NotAllowed, "chat_id");
        Caller never = await World.PersonAsync("Never");
        FailureAssert.Failed(
            await World.AddMembers.ExecuteAsync(anna, channel, [bert.PrincipalId, never.PrincipalId], ct), ErrorCode.NotAllowed, "chat_id");

        Assert.That((await World.AddMembers.ExecuteAsync(anna, channel, [bert.PrincipalId], ct)).Value.MemberCount, Is.EqualTo(3));
        Assert.That(await ReadAsync(bert, channel), Is.EqualTo(new[] { 1, missed - 1, missed }), "the removal between them, too");
        await World.Memberships.LeaveAsync(channel, bert.PrincipalId, ct);
        Assert.That((await Join.SubscribeAsync(bert, "harbour_7", ct)).IsOk, "forgiven, and gone by their own will since");
        Assert.That(World.Events.Committed.Where(row => row.ChatId == channel).Select(row => row.Kind),
            Is.EqualTo(new[] { EventKinds.ChatCreated, EventKinds.ReaderRemoved, EventKinds.Message }), "no other event of its log");
    }

    [Test, CancelAfter(60_000)]
    public async Task Admins_see_who_reads_and_not_what(CancellationToken ct)
    {
        (Caller anna, long channel) = await NewAsync("harbour_8");
        Caller bert = await World.PersonAsync("Bert"), cem = await World.PersonAsync("Cem");
        foreach (Caller reader in (Caller[])[bert, cem]) await Join.SubscribeAsync(reader, "harbour_8", ct);
        await World.Memberships.SetRoleAsync(channel, anna.PrincipalId, bert.PrincipalId, MemberRoles.Admin, ct);
        long post = await World.SendAsync(bert, channel);
        await World.MarkRead.ExecuteAsync(cem, channel, post);
        await World.MarkRead.ExecuteAsync(anna, channel, post);

        IReadOnlyList<MemberRow> members = (await World.ListMembers.ExecuteAsync(anna, channel, null, null, ct)).Value.Members;

        Assert.That(members.Select(member => (member.PrincipalId, member.DeliveredUpTo, member.ReadUpTo)), Is.EqualTo(new[]
        {
            (anna.PrincipalId, post, post), (bert.PrincipalId, 0L, 0L), (cem.PrincipalId, 0, 0),
        }));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_channel_that_is_asked_for_again_is_the_same_and_names_are_not_gone_through(CancellationToken ct)
    {
        await using World world = await World.CreateAsync(
            new LimitSettings { OwnChangesPerMinute = 0.06, OwnChangesBurst = 6, LookupsPerSecond = 0.001, LookupsBurst = 4 });
        Caller anna = await world.PersonAsync("Anna"), bert = await world.PersonAsync("Bert");
        CreateChannel create = new(new ChannelStore(world.Source, world.Events), world.GetChat, world.Limits);
        NewChannel wished = new("News", "All of them", null, "harbour_9");

        long channel = (await create.ExecuteAsync(anna, wished, ct)).Value.ChatId;
        Assert.That((await create.ExecuteAsync(anna, wished, ct)).Value.ChatId, Is.EqualTo(channel), "the first answer was lost");
        FailureAssert.Failed(await create.ExecuteAsync(anna, wished with { Name = "Other" }, ct), ErrorCode.InvalidArgument, "handle");
        FailureAssert.Failed(await create.ExecuteAsync(bert, wished, ct), ErrorCode.InvalidArgument, "handle");

        ChatDetailsChange guess = new() { Handle = "harbour_9" };
        Assert.That((await world.Update.ExecuteAsync(anna, channel, guess, ct)).IsOk);
        Assert.That((await world.Update.ExecuteAsync(anna, channel, guess, ct)).Failure?.Code, Is.EqualTo(ErrorCode.RateLimited));
        Assert.That((await create.ExecuteAsync(anna, wished with { Handle = "harbour_10" }, ct)).Failure?.Code, Is.EqualTo(ErrorCode.RateLimited));
        Assert.That((await create.ExecuteAsync(bert, new NewChannel("Quiet", null, null, null), ct)).IsOk, "no name, no look-up");
        for (int i = 0; i < 4; i++) Assert.That((await create.ExecuteAsync(bert, new NewChannel("Quiet", null, null, null), ct)).IsOk);
        Assert.That((await create.ExecuteAsync(bert, new NewChannel("Quiet", null, null, null), ct)).Failure?.Code, Is.EqualTo(ErrorCode.RateLimited));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_public_name_is_one_channels_and_can_be_looked_at_before(CancellationToken ct)
    {
        (Caller anna, long channel) = await NewAsync("harbour_5");
        Caller bert = await World.PersonAsync("Bert");

        ChatPreview preview = (await Join.PreviewChannelAsync(bert, "harbour_5", ct)).Value;
        Assert.That(preview, Is.EqualTo(new ChatPreview(channel, ChatKinds.Channel, "News", null, null, 1, IsMember: false)));
        FailureAssert.Failed(await Create.ExecuteAsync(bert, new NewChannel("Other", null, null, "harbour_5"), ct), ErrorCode.InvalidArgument, "handle");
        foreach (string handle in (string[])["Harbour", "abc", "9lives_and", "with space", new string('a', 33)])
        {
            FailureAssert.Failed(await Create.ExecuteAsync(bert, new NewChannel("Other", null, null, handle), ct), ErrorCode.InvalidArgument, "handle");
            Assert.That((await Join.SubscribeAsync(bert, handle, ct)).Failure!.Code, Is.EqualTo(ErrorCode.InviteNotFound));
        }

        FailureAssert.Failed(await Create.ExecuteAsync(bert, new NewChannel(" ", null, null, null), ct), ErrorCode.InvalidArgument, "name");
        Assert.That((await Join.PreviewChannelAsync(bert, "nobodys_channel", ct)).Failure!.Code, Is.EqualTo(ErrorCode.InviteNotFound));
        ChatRow quiet = (await Create.ExecuteAsync(bert, new NewChannel("Quiet", "", "", ""), ct)).Value;
        UpdateChat update = World.Update;
        FailureAssert.Failed(
            await update.ExecuteAsync(bert, quiet.ChatId, new ChatDetailsChange { Handle = "harbour_5" }, ct), ErrorCode.InvalidArgument, "handle");
        Assert.That((await update.ExecuteAsync(bert, quiet.ChatId, new ChatDetailsChange { Handle = "quiet_5" }, ct)).Value.Details!.Handle, Is.EqualTo("quiet_5"));
        FailureAssert.Failed(
            await update.ExecuteAsync(bert, quiet.ChatId, new ChatDetailsChange { SendRole = 1 }, ct), ErrorCode.NotAllowed, "chat_id");
    }

    [Test, CancelAfter(30_000)]
    public async Task Admins_show_files_and_a_reader_opens_those_of_before_too(CancellationToken ct)
    {
        (Caller anna, long channel) = await NewAsync("harbour_6");
        Caller bert = await World.PersonAsync("Bert");
        string name = await World.FileAsync(anna, channel, "image/png", 9);
        WireMedia media = new(name, "image/png", 9, null, null, null, null, null, []);
        WireContent content = new(ContentKind.Image, null, [], media, null, null);
        Assert.That((await World.Send.ExecuteAsync(anna, new SendMessageInput(channel, Guid.NewGuid(), "", null, content))).IsOk);
        await Join.SubscribeAsync(bert, "harbour_6", ct);

        BlobTable blobs = new(World.Source);
        BlobAccess admin = (await blobs.FindAsync(Guid.Parse(name), anna.PrincipalId, ct))!;
        BlobAccess reader = (await blobs.FindAsync(Guid.Parse(name), bert.PrincipalId, ct))!;
        Assert.That((admin.IsShown, admin.IsAdmin, reader.IsShown, reader.IsAdmin), Is.EqualTo((true, true, true, false)));
        foreach (bool picture in (bool[])[false, true])
        {
            Assert.That(await ReserveAsync(anna, picture), Is.EqualTo(ReserveStatus.Reserved));
            Assert.That(await ReserveAsync(bert, picture), Is.EqualTo(ReserveStatus.NotAllowed));
        }

        Task<ReserveStatus> ReserveAsync(Caller owner, bool picture)
        {
            short purpose = (short)(picture ? BlobPurpose.ChatAvatar : BlobPurpose.Media);
            NewBlob blob = new(Guid.NewGuid(), owner.PrincipalId, channel, purpose, ForChange: picture, "a.png", 9, Guid.NewGuid());
            return blobs.ReserveAsync(blob, TimeSpan.FromDays(1), long.MaxValue, ct);
        }
    }

    private async Task<(Caller Admin, long Channel)> NewAsync(string handle)
    {
        Caller admin = await World.PersonAsync("Anna");
        return (admin, (await Create.ExecuteAsync(admin, new NewChannel("News", null, null, handle), default)).Value.ChatId);
    }

    private async Task<long[]> ReadAsync(Caller caller, long chatId)
    {
        HistoryPage page = (await World.ReadHistory.ExecuteAsync(caller, chatId, 0, null, null, default)).Value;
        return [.. page.Events.Select(row => row.Sequence)];
    }
}

using Chat.Domain.Accounts;
using Chat.Domain.Chats;
using Chat.Domain.Messages;
using Chat.Domain.Notices;
using Chat.Domain.People;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage;
using Chat.Storage.Accounts;
using Chat.Storage.Chats;
using Chat.Storage.Notices;

namespace Chat.Domain.Tests.Notices;

/// <summary>R-152, R-370: what is in a person's list, and what each of it says (protocol-spec.md §8.21).</summary>
public sealed class NoticeKindsTests : NoticeFixture
{
    [Test, CancelAfter(30_000)]
    public async Task Messages_to_one_are_listed_the_newest_first_with_who_wrote_where_and_what(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        long own = await World.SendAsync(bert, chatId, "what is it?");
        long mention = await MentionAsync(anna, chatId, bert), reply = await AnswerAsync(cleo, chatId, own);
        await ReactAsync(anna, chatId, own, "👍", ct);
        await IndexAsync(ct);
        foreach ((long sequence, long minutes) in (IEnumerable<(long, long)>)[(reply, 1), (mention, 2)])
        {
            await ExecuteAsync(
                "update events set created_at = created_at - $3 * interval '1 minute' where chat_id = $1 and sequence = $2", ct, chatId, sequence, minutes);
        }

        await ExecuteAsync("update search_words set sent_at = sent_at - 60000 where chat_id = $1 and sequence = $2", ct, chatId, reply);
        await ExecuteAsync(
            "update events set created_at = created_at - interval '3 minutes' where chat_id = (select inbox_chat_id from principals where id = $1)", ct,
            bert.PrincipalId);

        IReadOnlyList<Notice> notices = await NoticesAsync(bert, ct);

        Assert.That(
            notices.Select(notice => (notice.Kind, notice.ActorId, notice.ChatId, notice.ChatName, notice.Sequence, notice.Text, notice.Emoji)),
            Is.EqualTo(new (NoticeKind, long, long?, string?, long?, string?, string?)[]
            {
                (NoticeKind.Reaction, anna.PrincipalId, chatId, "Team", own, "what is it?", "👍"),
                (NoticeKind.Reply, cleo.PrincipalId, chatId, "Team", reply, "indeed", null),
                (NoticeKind.Mention, anna.PrincipalId, chatId, "Team", mention, Text, null),
                (NoticeKind.ChatAdded, anna.PrincipalId, chatId, "Team", null, null, null),
            }));
        Assert.That(notices.Select(notice => notice.Id), Is.Unique);
        Assert.That(notices.Select(notice => notice.AtMs), Is.Ordered.Descending);
    }

    [Test, CancelAfter(30_000)]
    public async Task What_one_does_oneself_and_what_is_for_others_is_no_notice(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        long own = await World.SendAsync(anna, chatId), bertsOwn = await World.SendAsync(bert, chatId);
        await MentionAsync(anna, chatId, anna);
        await AnswerAsync(anna, chatId, own);
        await ReactAsync(anna, chatId, own, "👍", ct);
        await AnswerAsync(cleo, chatId, bertsOwn);
        await ReactAsync(cleo, chatId, bertsOwn, "👍", ct);
        await World.DirectChatAsync(bert, anna);

        Assert.That(await KindsAsync(anna, ct), Is.Empty);
        Assert.That(await KindsAsync(cleo, ct), Is.EquivalentTo(new[] { NoticeKind.ChatAdded }));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_message_that_mentions_and_answers_one_is_one_notice(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        long own = await World.SendAsync(bert, chatId);
        await MentionAsync(anna, chatId, bert, replyTo: own);

        Assert.That(await KindsAsync(bert, ct), Is.EquivalentTo(new[] { NoticeKind.Mention, NoticeKind.ChatAdded }));
    }

    [Test, CancelAfter(30_000)]
    public async Task One_persons_reactions_to_a_message_are_one_notice_that_goes_when_they_take_it_back(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        long own = await World.SendAsync(bert, chatId);
        await ReactAsync(anna, chatId, own, "👍", ct);
        string id = (await NoticesAsync(bert, ct))[0].Id;
        await ReactAsync(cleo, chatId, own, "🎉", ct);
        await ReactAsync(anna, chatId, own, "❤️", ct);

        IReadOnlyList<Notice> both = await NoticesAsync(bert, ct);
        Assert.That(both.Take(2).Select(notice => (notice.ActorId, notice.Emoji)), Is.EqualTo(new[] { (anna.PrincipalId, "❤️"), (cleo.PrincipalId, "🎉") }));
        Assert.That(both[0].Id, Is.EqualTo(id));

        await ReactAsync(anna, chatId, own, null, ct);
        Assert.That((await NoticesAsync(bert, ct))[0].ActorId, Is.EqualTo(cleo.PrincipalId));
        Assert.That((await World.Delete.ExecuteAsync(bert, chatId, Guid.NewGuid(), own, ct)).IsOk);
        Assert.That(await KindsAsync(bert, ct), Is.EquivalentTo(new[] { NoticeKind.ChatAdded }));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_call_that_one_missed_is_a_notice_and_one_that_one_declined_or_made_is_none(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        long missed = (await CallAsync(anna, chatId, ct)).Id;
        Assert.That((await Change.EndAsync(anna, missed, null, ct)).IsOk);
        long declined = (await CallAsync(anna, chatId, ct)).Id;
        Assert.That((await Change.DeclineAsync(bert, declined, ct)).IsOk);

        Notice notice = (await NoticesAsync(bert, ct)).Single();

        Assert.That(
            (notice.Kind, notice.SubjectId, notice.ChatId, notice.ActorId, notice.ChatName),
            Is.EqualTo((NoticeKind.MissedCall, (long?)missed, (long?)chatId, anna.PrincipalId, (string?)null)));
        Assert.That(await KindsAsync(anna, ct), Is.Empty);

        Assert.That((await new BlockPerson(World.Blocks, World.Limits, World.Privacy).ExecuteAsync(bert, anna.PrincipalId, ct)).IsOk);
        Assert.That(await KindsAsync(bert, ct), Is.Empty, "not of whom one has blocked");
    }

    [Test, CancelAfter(30_000)]
    public async Task Another_role_is_a_notice_of_whom_it_is_given_to(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        SetMemberRole roles = new(World.Memberships);
        Assert.That((await roles.ExecuteAsync(anna, chatId, bert.PrincipalId, MemberRole.Admin, ct)).IsOk);
        Assert.That((await roles.ExecuteAsync(bert, chatId, bert.PrincipalId, MemberRole.Member, ct)).IsOk);

        IReadOnlyList<Notice> notices = await NoticesAsync(bert, ct);

        Assert.That(notices.Select(notice => notice.Kind), Is.EquivalentTo(new[] { NoticeKind.RoleChanged, NoticeKind.ChatAdded }), "what one does oneself is none");
        Notice role = notices.Single(notice => notice.Kind == NoticeKind.RoleChanged);
        Assert.That((role.Role, role.ActorId, role.ChatId), Is.EqualTo(((MemberRole?)MemberRole.Admin, anna.PrincipalId, (long?)chatId)));
        Assert.That(await KindsAsync(cleo, ct), Is.EquivalentTo(new[] { NoticeKind.ChatAdded }));
    }

    [Test, CancelAfter(30_000)]
    public async Task Removal_and_the_end_of_a_chat_are_notices_unless_one_did_it(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        long other = await World.GroupAsync(anna, bert);
        Assert.That((await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct)).IsOk);
        Assert.That((await new LeaveGroup(World.Memberships).ExecuteAsync(cleo, chatId, ct)).IsOk);
        DeleteChat delete = new(new ChatDeletionStore(World.Source, World.Events), World.Limits);
        Assert.That((await delete.ExecuteAsync(anna, other, ct)).IsOk);

        IReadOnlyList<Notice> notices = await NoticesAsync(bert, ct);

        Assert.That(
            notices.Select(notice => (notice.Kind, notice.ChatId, notice.ActorId, notice.ChatName)),
            Is.EqualTo(new (NoticeKind, long?, long, string?)[]
            {
                (NoticeKind.ChatDeleted, other, anna.PrincipalId, null), (NoticeKind.ChatRemoved, chatId, anna.PrincipalId, null),
            }), "what one is not in any more has no name");
        Assert.That(await KindsAsync(cleo, ct), Is.Empty);
        Assert.That(await KindsAsync(anna, ct), Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task Each_sign_in_but_the_first_is_told_and_stays_when_the_device_is_signed_out(CancellationToken ct)
    {
        string email = World.NewEmail();
        SignedIn first = (await World.Register.ExecuteAsync(new RegisterInput("Anna", email, null, World.Password, "phone", "192.0.2.90"), ct)).Value;
        Caller anna = new(first.PrincipalId, first.DeviceId);
        Assert.That(await KindsAsync(anna, ct), Is.Empty);

        SignedIn second = (await World.SignIn.ExecuteAsync(new SignInInput(email, World.Password, "laptop", "192.0.2.90"), ct)).Value;
        Assert.That(await World.Devices.RevokeAsync(anna.PrincipalId, second.DeviceId, ct));

        Notice notice = (await NoticesAsync(anna, ct)).Single();
        Assert.That(
            (notice.Kind, notice.SubjectId, notice.Name, notice.ActorId, notice.ChatId),
            Is.EqualTo((NoticeKind.SignIn, (long?)second.DeviceId, "laptop", anna.PrincipalId, (long?)null)));
        EventRow told = World.Events.Committed.Single(row => row.Kind == EventKinds.SignedIn && row.SenderId == anna.PrincipalId);
        Assert.That((told.SubjectId, told.Text), Is.EqualTo(((long?)second.DeviceId, "laptop")));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_passkey_and_a_sign_in_by_it_are_told(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync();
        PasskeyStore store = new(World.Source, World.Events);
        NewPasskey passkey = new(anna.PrincipalId, "none", [1, (byte)anna.PrincipalId], [2, (byte)anna.PrincipalId], [3], 0, [], false, false, "key ring");
        AddPasskeyOutcome added = await store.AddAsync(passkey, ct), again = await store.AddAsync(passkey, ct);
        Assert.That((added.Status, again.Status), Is.EqualTo((AddPasskeyStatus.Added, AddPasskeyStatus.Added)));
        foreach (byte ceremony in (byte[])[4, 5])
        {
            PasskeyUse use = new(
                passkey.CredentialId, anna.PrincipalId, [ceremony, (byte)anna.PrincipalId], 0, false, $"device {ceremony}", [ceremony, 6, (byte)anna.PrincipalId],
                TimeProvider.System.GetUtcNow().AddDays(1));
            UsePasskeyOutcome used = await store.UseAsync(use, ct);
            Assert.That(used.Status, Is.EqualTo(UsePasskeyStatus.SignedIn));
            await World.Devices.TellOthersAsync(anna.PrincipalId, used.DeviceId, use.DeviceName, ct);
        }

        IReadOnlyList<Notice> notices = await NoticesAsync(anna, ct);

        Assert.That(
            notices.Select(notice => (notice.Kind, notice.Name)),
            Is.EqualTo(new[] { (NoticeKind.SignIn, "device 5"), (NoticeKind.PasskeyAdded, "key ring") }), "the account had no device before the first");
        Assert.That(notices[1].SubjectId, Is.EqualTo(added.Passkey!.Id));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_long_text_is_cut_and_what_is_no_text_says_what_it_is(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        long own = await World.SendAsync(bert, chatId);
        await AnswerAsync(anna, chatId, own, new string('ä', 2_000));
        WireContent place = new(ContentKind.Location, null, [], null, new WireLocation(53_500_000, 9_750_000, "Harbour"), null);
        Assert.That((await World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, Guid.NewGuid(), "", own, place))).Failure, Is.Null);

        IReadOnlyList<Notice> notices = await NoticesAsync(bert, ct);

        Assert.That((notices[0].Kind, notices[0].Text, notices[0].Content), Is.EqualTo((NoticeKind.Reply, (string?)null, (ContentKind?)ContentKind.Location)));
        Assert.That(notices[1].Text, Does.StartWith("ää").And.EndsWith("…").And.Length.LessThan(601));
    }
}

using Chat.Domain.Chats;
using Chat.Domain.Notices;
using Chat.Domain.People;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.Notices;

namespace Chat.Domain.Tests.Notices;

/// <summary>R-370: pages, what is read, and what one may not see any more (protocol-spec.md §8.21).</summary>
public sealed class NoticeListTests : NoticeFixture
{
    [Test, CancelAfter(60_000)]
    public async Task Pages_of_any_size_have_each_notice_of_every_source_once_and_in_the_same_order(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        SetMemberRole roles = new(World.Memberships);
        for (int i = 0; i < 3; i++)
        {
            long own = await World.SendAsync(bert, chatId);
            await AnswerAsync(anna, chatId, own);
            await ReactAsync(anna, chatId, own, "👍", ct);
            await ReactAsync(cleo, chatId, own, "👍", ct);
            await MentionAsync(cleo, chatId, bert);
            await World.GroupAsync(anna, bert);
            Assert.That((await roles.ExecuteAsync(anna, chatId, bert.PrincipalId, i % 2 == 0 ? MemberRole.Admin : MemberRole.Member, ct)).IsOk);
        }

        string[] all = [.. (await NoticesAsync(bert, ct)).Select(notice => notice.Id)];
        Assert.That(all, Has.Length.EqualTo(19).And.Unique);
        foreach (int limit in (int[])[1, 2, 5, 19])
        {
            List<string> paged = [];
            string? cursor = null;
            do
            {
                NoticeList page = (await List.ExecuteAsync(bert, cursor, limit, ct)).Value;
                Assert.That(page.Notices, Has.Count.LessThanOrEqualTo(limit));
                paged.AddRange(page.Notices.Select(notice => notice.Id));
                cursor = page.NextCursor;
            }
            while (cursor is not null);
            Assert.That(paged, Is.EqualTo(all), $"{limit} a page");
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task What_comes_while_one_pages_moves_nothing(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        for (int i = 0; i < 4; i++) await MentionAsync(anna, chatId, bert);
        string[] all = [.. (await NoticesAsync(bert, ct)).Select(notice => notice.Id)];
        NoticeList first = (await List.ExecuteAsync(bert, null, 2, ct)).Value;
        await MentionAsync(anna, chatId, bert);

        NoticeList second = (await List.ExecuteAsync(bert, first.NextCursor, 100, ct)).Value;

        Assert.That(first.Notices.Concat(second.Notices).Select(notice => notice.Id), Is.EqualTo(all));
    }

    [Test, CancelAfter(30_000)]
    public async Task Reading_raises_one_watermark_that_never_falls_and_is_told_when_it_rises(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        for (int i = 0; i < 3; i++) await MentionAsync(anna, chatId, bert);
        IReadOnlyList<Notice> notices = await NoticesAsync(bert, ct);
        Assert.That((await UnreadAsync(bert, ct), notices.Any(notice => notice.IsRead)), Is.EqualTo((4, false)));

        DateTimeOffset second = DateTimeOffset.FromUnixTimeMilliseconds(notices[1].AtMs);
        foreach (DateTimeOffset upTo in (DateTimeOffset[])[second, second, second.AddSeconds(-30), DateTimeOffset.MinValue])
            Assert.That((await Read.ExecuteAsync(bert, upTo, ct)).IsOk);

        int newer = notices.Count(notice => notice.AtMs > notices[1].AtMs);
        Assert.That(await UnreadAsync(bert, ct), Is.EqualTo(newer));
        Assert.That((await NoticesAsync(bert, ct)).Count(notice => notice.IsRead), Is.EqualTo(4 - newer));
        EventRow told = World.Events.Committed.Single(row => row.Kind == EventKinds.NoticesRead && row.SenderId == bert.PrincipalId);
        Assert.That(told.ReplyTo, Is.EqualTo(notices[1].AtMs));

        Assert.That((await Read.ExecuteAsync(bert, DateTimeOffset.MaxValue, ct)).IsOk);
        Assert.That(await UnreadAsync(bert, ct), Is.Zero);
        long later = await MentionAsync(anna, chatId, bert);
        await ExecuteAsync("update events set created_at = created_at + interval '1 second' where chat_id = $1 and sequence = $2", ct, chatId, later);
        Assert.That(await UnreadAsync(bert, ct), Is.EqualTo(1), "later than now was now");
    }

    [Test, CancelAfter(30_000)]
    public async Task What_is_hidden_cleared_or_deleted_is_no_notice_and_an_edited_text_is_the_new_one(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        long own = await World.SendAsync(bert, chatId);
        long[] answers = new long[4];
        for (int i = 0; i < answers.Length; i++) answers[i] = await AnswerAsync(anna, chatId, own);
        Assert.That((await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), answers[1], ct)).IsOk);
        Assert.That(await new HiddenStore(World.Source, World.Events).HideAsync(bert.PrincipalId, chatId, answers[2], ct));
        Assert.That((await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), answers[3], "on second thoughts", ct)).IsOk);

        IReadOnlyList<Notice> notices = await NoticesAsync(bert, ct);
        Assert.That(
            notices.Where(notice => notice.Kind == NoticeKind.Reply).Select(notice => (notice.Sequence, notice.Text)),
            Is.EqualTo(new (long?, string?)[] { (answers[3], "on second thoughts"), (answers[0], "indeed") }));

        await ReactAsync(anna, chatId, own, "👍", ct);
        Assert.That((await new ClearHistory(new OwnSettingsStore(World.Source, World.Events), World.Limits).ExecuteAsync(bert, chatId, answers[0], ct)).IsOk);
        Assert.That(await KindsAsync(bert, ct), Is.EquivalentTo(new[] { NoticeKind.Reply, NoticeKind.ChatAdded }), "the reaction is to what was cleared");
    }

    [Test, CancelAfter(30_000)]
    public async Task Of_a_chat_that_one_is_not_in_any_more_nothing_is_shown_but_the_removal(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        long own = await World.SendAsync(bert, chatId);
        await MentionAsync(anna, chatId, bert);
        await AnswerAsync(anna, chatId, own);
        await ReactAsync(anna, chatId, own, "👍", ct);
        Assert.That((await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct)).IsOk);
        await AnswerAsync(anna, chatId, own, "he does not see this");

        Assert.That(await KindsAsync(bert, ct), Is.EquivalentTo(new[] { NoticeKind.ChatRemoved }));
        Assert.That(await UnreadAsync(bert, ct), Is.EqualTo(1));

        Assert.That((await World.AddMembers.ExecuteAsync(anna, chatId, [bert.PrincipalId], ct)).IsOk);
        IReadOnlyList<Notice> back = await NoticesAsync(bert, ct);
        Assert.That(back.Select(notice => notice.Text), Does.Not.Contain("he does not see this"));
        Assert.That(back.Count(notice => notice.Kind == NoticeKind.Reply), Is.EqualTo(1));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_somebody_says_whom_one_has_blocked_is_not_shown_and_what_they_did_to_one_is(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        long own = await World.SendAsync(bert, chatId);
        await MentionAsync(anna, chatId, bert);
        await AnswerAsync(anna, chatId, own);
        await ReactAsync(anna, chatId, own, "👍", ct);
        Assert.That((await new BlockPerson(World.Blocks, World.Limits, World.Privacy).ExecuteAsync(bert, anna.PrincipalId, ct)).IsOk);

        Assert.That(await KindsAsync(bert, ct), Is.EquivalentTo(new[] { NoticeKind.ChatAdded }));

        Assert.That((await new UnblockPerson(World.Blocks, World.Limits, World.Privacy).ExecuteAsync(bert, anna.PrincipalId, ct)).IsOk);
        Assert.That(await KindsAsync(bert, ct), Has.Length.EqualTo(4));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_flood_by_somebody_whom_one_has_blocked_takes_no_ones_place(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        long mention = await MentionAsync(cleo, chatId, bert);
        for (int i = 0; i < 110; i++)
        {
            long own = await World.SendAsync(bert, chatId);
            await AnswerAsync(anna, chatId, own);
            await MentionAsync(anna, chatId, bert);
            await ReactAsync(anna, chatId, own, "👍", ct);
        }

        await IndexAsync(ct);
        Assert.That(await UnreadAsync(bert, ct), Is.EqualTo(100));
        Assert.That((await new BlockPerson(World.Blocks, World.Limits, World.Privacy).ExecuteAsync(bert, anna.PrincipalId, ct)).IsOk);

        Assert.That((await NoticesAsync(bert, ct)).Select(notice => notice.Sequence), Is.EqualTo(new long?[] { mention, null }), "the other one: of the chat");
        Assert.That(await UnreadAsync(bert, ct), Is.EqualTo(2));
    }

    [Test, CancelAfter(30_000)]
    public async Task Behind_more_than_is_looked_at_at_once_the_list_goes_on_and_the_count_does(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        long own = await World.SendAsync(bert, chatId);
        await ReactAsync(cleo, chatId, own, "👍", ct);
        long mention = await MentionAsync(cleo, chatId, bert);
        Assert.That((await new BlockPerson(World.Blocks, World.Limits, World.Privacy).ExecuteAsync(bert, anna.PrincipalId, ct)).IsOk);
        await ExecuteAsync(
            """
            insert into message_reactions (chat_id, sequence, principal_id, emoji, event_sequence, author_id, reacted_at)
            select $1, 1000 + s, $2, '👍', 1, $3, floor(extract(epoch from clock_timestamp()) * 1000)::bigint + 1000 + s from generate_series(1, 1200) s
            """,
            ct, chatId, anna.PrincipalId, bert.PrincipalId);

        List<NoticeKind> listed = [];
        (int pages, string? cursor) = (0, null);
        do
        {
            NoticeList page = (await List.ExecuteAsync(bert, cursor, 50, ct)).Value;
            listed.AddRange(page.Notices.Select(notice => notice.Kind));
            (pages, cursor) = (pages + 1, page.NextCursor);
        }
        while (cursor is not null);

        Assert.That(listed, Is.EquivalentTo(new[] { NoticeKind.Mention, NoticeKind.Reaction, NoticeKind.ChatAdded }));
        Assert.That((pages, mention), Is.EqualTo((3, own + 2)), "twice the look ended");
        Assert.That(await UnreadAsync(bert, ct), Is.EqualTo(3));
    }

    [Test, CancelAfter(30_000)]
    public async Task The_count_looks_behind_a_page_of_what_was_deleted(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        long own = await World.SendAsync(bert, chatId);
        await MentionAsync(cleo, chatId, bert);
        for (int i = 0; i < 101; i++)
        {
            long answer = await AnswerAsync(anna, chatId, own);
            await IndexAsync(ct);
            Assert.That((await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), answer, ct)).IsOk);
        }

        Assert.That((await List.ExecuteAsync(bert, null, 100, ct)).Value.Notices, Is.Empty);
        Assert.That(await UnreadAsync(bert, ct), Is.EqualTo(2));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_mention_that_is_hidden_cleared_or_deleted_is_no_notice(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        long[] mentions = new long[4];
        for (int i = 0; i < mentions.Length; i++) mentions[i] = await MentionAsync(anna, chatId, bert);
        Assert.That((await new ClearHistory(new OwnSettingsStore(World.Source, World.Events), World.Limits).ExecuteAsync(bert, chatId, mentions[0], ct)).IsOk);
        Assert.That((await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), mentions[1], ct)).IsOk);
        Assert.That(await new HiddenStore(World.Source, World.Events).HideAsync(bert.PrincipalId, chatId, mentions[2], ct));

        IReadOnlyList<Notice> notices = await NoticesAsync(bert, ct);

        Assert.That(notices.Where(notice => notice.Kind == NoticeKind.Mention).Select(notice => notice.Sequence), Is.EqualTo(new long?[] { mentions[3] }));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_role_of_before_one_cleared_the_chat_is_no_notice(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        Assert.That((await new SetMemberRole(World.Memberships).ExecuteAsync(anna, chatId, bert.PrincipalId, MemberRole.Admin, ct)).IsOk);
        Assert.That(await KindsAsync(bert, ct), Is.EquivalentTo(new[] { NoticeKind.RoleChanged, NoticeKind.ChatAdded }));
        long last = await World.SendAsync(anna, chatId);
        Assert.That((await new ClearHistory(new OwnSettingsStore(World.Source, World.Events), World.Limits).ExecuteAsync(bert, chatId, last, ct)).IsOk);

        Assert.That(await KindsAsync(bert, ct), Is.EquivalentTo(new[] { NoticeKind.ChatAdded }));
    }

    [Test, CancelAfter(30_000)]
    public async Task Of_a_chat_that_was_deleted_for_everyone_its_end_alone_is_left(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        long own = await World.SendAsync(bert, chatId);
        await AnswerAsync(anna, chatId, own);
        await MentionAsync(anna, chatId, bert);
        await ReactAsync(anna, chatId, own, "👍", ct);
        Assert.That(await KindsAsync(bert, ct), Has.Length.EqualTo(4));
        Assert.That((await new DeleteChat(new ChatDeletionStore(World.Source, World.Events), World.Limits).ExecuteAsync(anna, chatId, ct)).IsOk);

        Assert.That(await KindsAsync(bert, ct), Is.EquivalentTo(new[] { NoticeKind.ChatDeleted }));
    }

    [Test, CancelAfter(30_000)]
    public async Task In_a_channel_answers_are_no_notices(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        Assert.That((await new SetMemberRole(World.Memberships).ExecuteAsync(anna, chatId, bert.PrincipalId, MemberRole.Admin, ct)).IsOk);
        await ExecuteAsync("update chats set kind = 3 where id = $1", ct, chatId);
        long own = await World.SendAsync(bert, chatId);
        await AnswerAsync(anna, chatId, own);

        Assert.That(await KindsAsync(bert, ct), Is.EquivalentTo(new[] { NoticeKind.RoleChanged, NoticeKind.ChatAdded }));
    }

    [Test, CancelAfter(30_000)]
    public async Task After_thirty_days_there_is_no_notice_any_more(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        long own = await World.SendAsync(bert, chatId), answer = await AnswerAsync(anna, chatId, own), mention = await MentionAsync(anna, chatId, bert);
        await ReactAsync(anna, chatId, own, "👍", ct);
        Assert.That((await new SetMemberRole(World.Memberships).ExecuteAsync(anna, chatId, bert.PrincipalId, MemberRole.Admin, ct)).IsOk);
        await IndexAsync(ct);
        await ExecuteAsync("update events set created_at = created_at - interval '30 days' where chat_id = $1", ct, chatId);
        await ExecuteAsync(
            "update events set created_at = created_at - interval '30 days' where chat_id = (select inbox_chat_id from principals where id = $1)", ct,
            bert.PrincipalId);
        await ExecuteAsync("update search_words set sent_at = sent_at - 2592000000 where chat_id = $1", ct, chatId);
        await ExecuteAsync("update message_reactions set reacted_at = reacted_at - 2592000000 where chat_id = $1", ct, chatId);

        Assert.That((answer, mention), Is.EqualTo((own + 1, own + 2)));
        Assert.That(await KindsAsync(bert, ct), Is.Empty);
        Assert.That((await List.ExecuteAsync(bert, null, 1, ct)).Value.NextCursor, Is.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_wrong_cursor_limit_or_person_is_named(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync(), nobody = new(4_711_000_000, 1);
        foreach (string cursor in (string[])["x", "1.2.3.4", "....1-2-3", "....1-2-3-4-5", "....1-2-3--4", "....1-2-3-99999999999999999999", "....."])
            FailureAssert.Failed(await List.ExecuteAsync(anna, cursor, null, ct), ErrorCode.InvalidArgument, "cursor");
        foreach (int limit in (int[])[0, 101]) FailureAssert.Failed(await List.ExecuteAsync(anna, null, limit, ct), ErrorCode.InvalidArgument, "limit");
        FailureAssert.Failed(await List.ExecuteAsync(nobody, null, null, ct), ErrorCode.SignInRequired);
        FailureAssert.Failed(await List.CountAsync(nobody, ct), ErrorCode.SignInRequired);
        FailureAssert.Failed(await Read.ExecuteAsync(nobody, DateTimeOffset.MaxValue, ct), ErrorCode.SignInRequired);
        Assert.That((await List.ExecuteAsync(anna, "9223372036854775807-9223372036854775807-0-0...9223372036854775807-0-0-0.", null, ct)).IsOk);
    }
}

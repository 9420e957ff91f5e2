using Chat.Domain.Chats;
using Chat.Domain.Messages;
using Chat.Domain.People;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage;
using Chat.Storage.Chats;
using Chat.Storage.Messages;

namespace Chat.Domain.Tests.Messages;

/// <summary>R-080, R-373: whom a mention tells, protocol-spec.md §8.18.</summary>
public sealed class MentionTests : WorldFixture
{
    private ListMentions List => new(new MentionStore(World.Source), World.Limits);

    [Test, CancelAfter(30_000)]
    public async Task Whoever_is_named_sees_how_many_mention_them_and_the_first_until_it_is_read(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        await World.SendAsync(anna, chatId);
        long first = await MentionAsync(anna, chatId, bert), second = await MentionAsync(anna, chatId, bert);
        await World.SendAsync(anna, chatId);

        Assert.That(await MentionsAsync(bert, chatId, ct), Is.EqualTo(new UnreadMentions(2, first)));
        Assert.That(await MentionsAsync(cleo, chatId, ct), Is.Null);
        Assert.That(await MentionsAsync(anna, chatId, ct), Is.Null);
        Assert.That((await World.ListChats.ExecuteAsync(bert, null, null, ct)).Value.Chats.Single().Mentions, Is.EqualTo(new UnreadMentions(2, first)));

        Assert.That((await World.MarkRead.ExecuteAsync(bert, chatId, first)).IsOk);
        Assert.That(await MentionsAsync(bert, chatId, ct), Is.EqualTo(new UnreadMentions(1, second)));
        Assert.That((await World.MarkRead.ExecuteAsync(bert, chatId, second)).IsOk);
        Assert.That(await MentionsAsync(bert, chatId, ct), Is.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task What_was_read_by_writing_mentions_no_more_at_once(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        await MentionAsync(anna, chatId, bert);
        await World.SendAsync(bert, chatId, "here I am");
        Assert.That(await MentionsAsync(bert, chatId, ct), Is.Null);

        long next = await MentionAsync(anna, chatId, bert);

        Assert.That(await MentionsAsync(bert, chatId, ct), Is.EqualTo(new UnreadMentions(1, next)));
    }

    [Test, CancelAfter(30_000)]
    public async Task Twice_the_same_person_is_one_mention_and_oneself_is_none(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        long sequence = await MentionAsync(anna, chatId, bert, bert, anna, cleo);

        Assert.That(await MentionsAsync(bert, chatId, ct), Is.EqualTo(new UnreadMentions(1, sequence)));
        Assert.That(await MentionsAsync(cleo, chatId, ct), Is.EqualTo(new UnreadMentions(1, sequence)));
        Assert.That(await ListedAsync(anna, ct), Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task Who_is_not_in_the_chat_or_came_later_is_not_told_and_the_message_is_sent(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        Caller stranger = await World.PersonAsync("Dora"), late = await World.PersonAsync("Emil");
        Assert.That((await World.RemoveMember.ExecuteAsync(anna, chatId, cleo.PrincipalId, ct)).IsOk);
        await MentionAsync(anna, chatId, stranger, late, cleo, new Caller(4_711_000_000, 1));
        Assert.That((await World.AddMembers.ExecuteAsync(anna, chatId, [late.PrincipalId, cleo.PrincipalId], ct)).IsOk);

        Assert.That(await MentionsAsync(late, chatId, ct), Is.Null);
        Assert.That(await MentionsAsync(cleo, chatId, ct), Is.Null, "removed when it was written");
        foreach (Caller one in (Caller[])[stranger, late, cleo, bert]) Assert.That(await ListedAsync(one, ct), Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task Of_a_chat_that_one_has_left_nothing_is_listed_and_after_coming_back_nothing_is_unread(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        long sequence = await MentionAsync(anna, chatId, bert);
        Assert.That((await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct)).IsOk);
        Assert.That(await ListedAsync(bert, ct), Is.Empty);

        Assert.That((await World.AddMembers.ExecuteAsync(anna, chatId, [bert.PrincipalId], ct)).IsOk);

        Assert.That(await MentionsAsync(bert, chatId, ct), Is.Null);
        Assert.That(await ListedAsync(bert, ct), Is.EqualTo(new[] { sequence }), "one sees it again, as one sees the message");
    }

    [Test, CancelAfter(30_000)]
    public async Task What_one_cleared_is_not_listed_after_leaving_and_coming_back(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        long cleared = await MentionAsync(anna, chatId, bert);
        Assert.That((await new ClearHistory(new OwnSettingsStore(World.Source, World.Events), World.Limits).ExecuteAsync(bert, chatId, cleared, ct)).IsOk);
        long kept = await MentionAsync(anna, chatId, bert);
        Assert.That((await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct)).IsOk);
        Assert.That((await World.AddMembers.ExecuteAsync(anna, chatId, [bert.PrincipalId], ct)).IsOk);
        long since = await MentionAsync(anna, chatId, bert);

        Assert.That(await ListedAsync(bert, ct), Is.EqualTo(new[] { since, kept }), "each once, and nothing that was cleared");
    }

    [Test, CancelAfter(30_000)]
    public async Task Of_more_than_fifty_people_fifty_are_mentioned(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna");
        List<Caller> people = [];
        for (int i = 0; i < 52; i++) people.Add(await World.PersonAsync());
        people.Sort((one, other) => one.PrincipalId.CompareTo(other.PrincipalId));
        MembershipOutcome group = await World.Memberships.CreateGroupAsync(
            anna.PrincipalId, "Team", [.. people.Select(one => one.PrincipalId)], maxMembers: 100, ct); // more than this world's groups have
        long chatId = group.ChatId;

        long sequence = await MentionAsync(anna, chatId, [.. people.AsEnumerable().Reverse(), people[0]]);

        Assert.That(await MentionsAsync(people[0], chatId, ct), Is.EqualTo(new UnreadMentions(1, sequence)));
        Assert.That(await MentionsAsync(people[49], chatId, ct), Is.EqualTo(new UnreadMentions(1, sequence)));
        foreach (Caller one in people[50..]) Assert.That(await MentionsAsync(one, chatId, ct), Is.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task Whom_one_has_blocked_mentions_one_without_effect(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        Assert.That((await new BlockPerson(World.Blocks, World.Limits, World.Privacy).ExecuteAsync(bert, anna.PrincipalId, ct)).IsOk);

        long blocked = await MentionAsync(anna, chatId, bert, cleo), back = await MentionAsync(bert, chatId, anna);

        Assert.That(await MentionsAsync(bert, chatId, ct), Is.Null);
        Assert.That(await MentionsAsync(cleo, chatId, ct), Is.EqualTo(new UnreadMentions(1, blocked)));
        Assert.That(await MentionsAsync(anna, chatId, ct), Is.EqualTo(new UnreadMentions(1, back)), "nothing says that she is blocked");
    }

    [Test, CancelAfter(30_000)]
    public async Task What_is_edited_deleted_hidden_or_cleared_mentions_nobody(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        long[] all = new long[5];
        for (int i = 0; i < all.Length; i++) all[i] = await MentionAsync(anna, chatId, bert, cleo);
        Assert.That((await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), all[1], "somebody else", ct)).IsOk);
        Assert.That((await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), all[2], ct)).IsOk);
        Assert.That(await new HiddenStore(World.Source, World.Events).HideAsync(bert.PrincipalId, chatId, all[3], ct));

        Assert.That(await MentionsAsync(bert, chatId, ct), Is.EqualTo(new UnreadMentions(2, all[0])));
        Assert.That(await ListedAsync(bert, ct), Is.EqualTo(new[] { all[4], all[0] }));
        Assert.That(await ListedAsync(cleo, ct), Is.EqualTo(new[] { all[4], all[3], all[0] }));

        Assert.That((await new ClearHistory(new OwnSettingsStore(World.Source, World.Events), World.Limits).ExecuteAsync(bert, chatId, all[3], ct)).IsOk);

        Assert.That(await MentionsAsync(bert, chatId, ct), Is.EqualTo(new UnreadMentions(1, all[4])));
        Assert.That(await ListedAsync(bert, ct), Is.EqualTo(new[] { all[4] }));
        Assert.That(await MentionsAsync(cleo, chatId, ct), Is.EqualTo(new UnreadMentions(3, all[0])));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_is_passed_on_mentions_nobody_and_keeps_its_marks(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        WireContent content = Naming(bert) with { Forwarded = 1 };
        SentMessage sent = (await World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, Guid.NewGuid(), Text, null, content))).Value;

        ChatRow row = (await World.GetChat.ExecuteAsync(bert, chatId, ct)).Value;

        Assert.That((row.Mentions, row.LastEvent!.Sequence), Is.EqualTo(((UnreadMentions?)null, sent.Sequence)));
        Assert.That(ContentJson.Read(row.LastEvent.Details!.Content!).Marks.Single().PrincipalId, Is.EqualTo(bert.PrincipalId));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_direct_chat_mentions_and_a_channel_does_not(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long direct = await World.DirectChatAsync(anna, bert), channel = await World.GroupAsync(anna, bert);
        await using (Npgsql.NpgsqlCommand make = World.Source.CreateCommand("update chats set kind = 3 where id = $1"))
        {
            make.Parameters.AddWithValue(channel);
            await make.ExecuteNonQueryAsync(ct);
        }

        long sequence = await MentionAsync(anna, direct, bert);
        await MentionAsync(anna, channel, bert);

        Assert.That(await MentionsAsync(bert, direct, ct), Is.EqualTo(new UnreadMentions(1, sequence)));
        Assert.That(await MentionsAsync(bert, channel, ct), Is.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_retry_is_answered_as_the_first_time_though_whom_it_names_has_left(CancellationToken ct)
    {
        (Caller anna, Caller bert, _, long chatId) = await TrioAsync();
        SendMessageInput input = new(chatId, Guid.NewGuid(), Text, null, Naming(bert));
        SentMessage first = (await World.Send.ExecuteAsync(anna, input)).Value;
        Assert.That((await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct)).IsOk);
        Assert.That((await World.AddMembers.ExecuteAsync(anna, chatId, [bert.PrincipalId], ct)).IsOk);

        Assert.That((await World.Send.ExecuteAsync(anna, input)).Value, Is.EqualTo(first));

        Assert.That(await MentionsAsync(bert, chatId, ct), Is.Null);
        Assert.That(await ListedAsync(bert, ct), Is.EqualTo(new[] { first.Sequence }));
    }

    /// <summary>Many at once take the batch that is judged event by event, with a retry in it, and the plain one.</summary>
    [Test, CancelAfter(60_000)]
    public async Task Each_of_many_at_once_is_counted_once(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long chatId) = await TrioAsync();
        SendMessageInput[] inputs = [.. Enumerable.Range(0, 60).Select(i => new SendMessageInput(chatId, Guid.NewGuid(), Text, null, i % 3 == 0 ? null : Naming(bert)))];
        Result<SentMessage>[] sent = await Task.WhenAll(
            inputs.Concat(inputs.Take(20)).Select((input, i) => World.Send.ExecuteAsync(i % 60 % 2 == 0 ? anna : cleo, input).AsTask()));
        Assert.That(sent.All(one => one.IsOk));

        Assert.That((await MentionsAsync(bert, chatId, ct))!.Count, Is.EqualTo(40));
        Assert.That(await ListedAsync(bert, ct), Has.Count.EqualTo(40).And.Unique);
    }

    [Test, CancelAfter(30_000)]
    public async Task The_list_goes_page_by_page_over_all_chats_the_newest_first(CancellationToken ct)
    {
        (Caller anna, Caller bert, Caller cleo, long one) = await TrioAsync();
        long other = await World.GroupAsync(anna, bert, cleo), left = await World.GroupAsync(anna, bert);
        List<(long, long)> expected = [];
        for (int i = 0; i < 3; i++)
        {
            expected.Add((one, await MentionAsync(anna, one, bert)));
            await MentionAsync(anna, left, bert);
            expected.Add((other, await MentionAsync(cleo, other, bert)));
        }

        Assert.That((await World.RemoveMember.ExecuteAsync(anna, left, bert.PrincipalId, ct)).IsOk);
        expected.Reverse();
        List<(long, long)> listed = [];
        string? cursor = null;
        int pages = 0;
        do
        {
            MentionPage page = (await List.ExecuteAsync(bert, cursor, 2, ct)).Value;
            listed.AddRange(page.Messages.Select(message => (message.ChatId, message.Sequence)));
            (cursor, pages) = (page.NextCursor, pages + 1);
        }
        while (cursor is not null);

        Assert.That(listed, Is.EqualTo(expected));
        Assert.That(pages, Is.EqualTo(5), "what one may not see makes a page short, not long");
        Assert.That((await List.ExecuteAsync(bert, "x", 2, ct)).Failure!.Code, Is.EqualTo(ErrorCode.InvalidArgument));
        Assert.That((await List.ExecuteAsync(bert, null, 101, ct)).Failure!.Code, Is.EqualTo(ErrorCode.InvalidArgument));
    }

    private const string Text = "@somebody, look at this";

    private async Task<(Caller Anna, Caller Bert, Caller Cleo, long ChatId)> TrioAsync()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), cleo = await World.PersonAsync("Cleo");
        return (anna, bert, cleo, await World.GroupAsync(anna, bert, cleo));
    }

    private static WireContent Naming(params Caller[] people) =>
        new(ContentKind.Text, null, [.. people.Select(person => new WireMark(MarkKind.Mention, 0, 9, person.PrincipalId))], null, null, null);

    private async Task<long> MentionAsync(Caller sender, long chatId, params Caller[] people) =>
        (await World.Send.ExecuteAsync(sender, new SendMessageInput(chatId, Guid.NewGuid(), Text, null, Naming(people)))).Value.Sequence;

    private async Task<UnreadMentions?> MentionsAsync(Caller person, long chatId, CancellationToken ct) =>
        (await World.GetChat.ExecuteAsync(person, chatId, ct)).Value.Mentions;

    private async Task<IReadOnlyList<long>> ListedAsync(Caller person, CancellationToken ct) =>
        [.. (await List.ExecuteAsync(person, null, null, ct)).Value.Messages.Select(message => message.Sequence)];
}

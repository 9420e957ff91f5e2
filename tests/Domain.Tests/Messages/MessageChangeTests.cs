using Chat.Domain.Limits;
using Chat.Domain.Messages;
using Chat.Protocol.Codes;
using Chat.Storage;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Npgsql;

namespace Chat.Domain.Tests.Messages;

/// <summary>R-086, R-088, R-089: changes are events of the log, history and the chat list show what they add up to.</summary>
public sealed class MessageChangeTests : WorldFixture
{
    [Test, CancelAfter(30_000), Property("Requirement", "R-088")]
    public async Task An_edit_is_an_event_and_history_shows_the_message_once_with_its_new_text(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        long message = await World.SendAsync(anna, chatId, "helo");

        SentMessage edited = (await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, "hello", ct)).Value;

        EventRow told = World.Events.Committed.Single(row => row.ChatId == chatId && row.Sequence == edited.Sequence);
        Assert.That((told.Kind, told.SenderId, told.ReplyTo, told.Text), Is.EqualTo((EventKinds.Edited, anna.PrincipalId, (long?)message, "hello")));
        EventRow shown = await ShownAsync(bert, chatId, message, ct);
        Assert.That((shown.Text, shown.Details!.Changes!.AsOf), Is.EqualTo(("hello", edited.Sequence)));
        Assert.That(shown.Details.Changes.EditedAtMs, Is.EqualTo(edited.CreatedAtMs));
        Assert.That(await LogTextAsync(chatId, message), Is.EqualTo("helo"), "the log stays what it was");
        ChatRow chat = (await World.GetChat.ExecuteAsync(bert, chatId, ct)).Value;
        Assert.That((chat.HeadSequence, chat.LastEvent!.Sequence, chat.LastEvent.Text), Is.EqualTo((edited.Sequence, message, "hello")));
    }

    [Test, CancelAfter(30_000), Property("Requirement", "R-089")]
    public async Task A_deleted_message_has_no_text_anywhere_that_is_shown_and_the_log_keeps_it(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        long message = await World.SendAsync(anna, chatId, "secret one");
        long edit = (await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, "secret two", ct)).Value.Sequence;
        await World.React.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, "👍", ct);
        await World.Pin.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, pinned: true, ct);

        SentMessage deleted = (await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, ct)).Value;

        HistoryPage page = (await World.ReadHistory.ExecuteAsync(bert, chatId, 0, null, null, ct)).Value;
        Assert.That(page.Events.Select(row => row.Text ?? ""), Has.None.Contains("secret"));
        Assert.That(page.Events.Select(row => row.Sequence), Is.EqualTo(Enumerable.Range(1, (int)deleted.Sequence).Select(n => (long)n)));
        MessageChanges changes = page.Events.Single(row => row.Sequence == message).Details!.Changes!;
        Assert.That((changes.DeletedBy, changes.DeletedAtMs, changes.EditedAtMs, changes.PinnedAtMs, changes.OwnReaction, changes.Reactions.Count),
            Is.EqualTo(((long?)anna.PrincipalId, (long?)deleted.CreatedAtMs, (long?)null, (long?)null, (string?)null, 0)));
        Assert.That((await World.GetChat.ExecuteAsync(bert, chatId, ct)).Value.LastEvent!.Text, Is.Null);
        Assert.That((await World.ListPinned.ExecuteAsync(bert, chatId, ct)).Value, Is.Empty);
        Assert.That((await World.ListReactions.ExecuteAsync(bert, chatId, message, null, null, ct)).Value.Reactions, Is.Empty);
        Assert.That((await LogTextAsync(chatId, message), await LogTextAsync(chatId, edit)), Is.EqualTo(("secret one", "secret two")));
    }

    [Test, CancelAfter(30_000), Property("Requirement", "R-088")]
    public async Task Only_the_present_edit_says_its_text(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        long message = await World.SendAsync(anna, chatId, "one");
        long second = (await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, "two", ct)).Value.Sequence;
        long third = (await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, "three", ct)).Value.Sequence;

        Assert.That((await ShownAsync(bert, chatId, message, ct)).Text, Is.EqualTo("three"));
        Assert.That((await ShownAsync(bert, chatId, second, ct)).Text, Is.Null);
        Assert.That((await ShownAsync(bert, chatId, third, ct)).Text, Is.EqualTo("three"));
    }

    [Test, CancelAfter(30_000), Property("Requirement", "R-086")]
    public async Task Reactions_are_one_a_person_replaced_taken_back_and_counted(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), cleo = await World.PersonAsync("Cleo");
        long chatId = await World.GroupAsync(anna, bert, cleo);
        long message = await World.SendAsync(anna, chatId);

        await World.React.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, "👍", ct);
        await World.React.ExecuteAsync(cleo, chatId, Guid.NewGuid(), message, "👍", ct);
        long replaced = (await World.React.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, "❤️", ct)).Value.Sequence;
        long again = (await World.React.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, "❤️", ct)).Value.Sequence;
        MessageChanges both = (await ShownAsync(bert, chatId, message, ct)).Details!.Changes!;
        SentMessage taken = (await World.React.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, null, ct)).Value;
        SentMessage takenTwice = (await World.React.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, null, ct)).Value;
        MessageChanges one = (await ShownAsync(bert, chatId, message, ct)).Details!.Changes!;

        EventRow told = World.Events.Committed.Single(row => row.ChatId == chatId && row.Sequence == replaced);
        Assert.That((told.Text, told.Details!.Previous), Is.EqualTo(("❤️", "👍")));
        Assert.That(again, Is.EqualTo(replaced), "nothing new is stored");
        Assert.That((both.OwnReaction, both.Reactions), Is.EqualTo(("❤️", new ReactionCount[] { new("❤️", 1), new("👍", 1) })));
        Assert.That((one.OwnReaction, one.Reactions), Is.EqualTo(((string?)null, new ReactionCount[] { new("👍", 1) })));
        Assert.That(takenTwice.Sequence, Is.EqualTo(taken.Sequence));
        Assert.That((await World.ListReactions.ExecuteAsync(anna, chatId, message, null, null, ct)).Value.Reactions,
            Is.EqualTo(new[] { new ReactionRow(cleo.PrincipalId, "👍") }));
    }

    [Test, CancelAfter(60_000), Property("Promise", "P4")]
    public async Task What_is_done_to_one_message_at_the_same_time_comes_one_after_another(CancellationToken ct)
    {
        (Caller anna, Caller bert, long chatId) = await PairAsync();
        long message = await World.SendAsync(anna, chatId, "secret 0");
        List<Task<Result<SentMessage>>> calls = [];
        for (int i = 1; i <= 8; i++)
        {
            calls.Add(Task.Run(() => World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, $"secret {i}", ct), ct));
            calls.Add(Task.Run(() => World.React.ExecuteAsync(i % 2 == 0 ? anna : bert, chatId, Guid.NewGuid(), message, i % 3 == 0 ? "👍" : "❤️", ct), ct));
            calls.Add(Task.Run(async () => Result.Ok(new SentMessage(chatId, await World.SendAsync(bert, chatId), 0)), ct));
            if (i == 5) calls.Add(Task.Run(() => World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, ct), ct));
        }

        Result<SentMessage>[] outcomes = await Task.WhenAll(calls);

        foreach (Result<SentMessage> refused in outcomes.Where(outcome => !outcome.IsOk)) Assert.That(refused.Failure?.Code, Is.EqualTo(ErrorCode.MessageDeleted));
        HistoryPage page = (await World.ReadHistory.ExecuteAsync(bert, chatId, 0, null, 200, ct)).Value;
        long deleted = page.Events.Single(row => row.Kind == EventKinds.Deleted).Sequence;
        Assert.That(page.Events.Select(row => row.Sequence), Is.EqualTo(Enumerable.Range(1, page.Events.Count).Select(n => (long)n)), "dense");
        Assert.That(page.Events.Where(row => row.ReplyTo == message).Select(row => row.Sequence), Has.None.GreaterThan(deleted), "nothing is done to what is deleted");
        Assert.That(page.Events.Select(row => row.Text ?? ""), Has.None.Contains("secret"));
        Assert.That(page.Events.Single(row => row.Sequence == message).Details!.Changes!.Reactions, Is.Empty);
        // Each reaction says which one of the same person it replaced: whoever was away counts to the same.
        Dictionary<long, string?> held = [];
        foreach (EventRow row in page.Events.Where(row => row.Kind == EventKinds.Reaction))
        {
            Assert.That(row.Details?.Previous, Is.EqualTo(held.GetValueOrDefault(row.SenderId)));
            held[row.SenderId] = row.Text;
        }
    }

    [Test, CancelAfter(30_000), Property("Promise", "P4")]
    public async Task A_retry_is_answered_whatever_became_of_the_message_and_of_the_author_since(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        long message = await World.SendAsync(bert, chatId);
        Guid edit = Guid.NewGuid(), reaction = Guid.NewGuid();
        SentMessage edited = (await World.Edit.ExecuteAsync(bert, chatId, edit, message, "new", ct)).Value;
        SentMessage reacted = (await World.React.ExecuteAsync(bert, chatId, reaction, message, "👍", ct)).Value;
        await World.React.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, "❤️", ct);
        await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, ct);
        await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct);

        Assert.That((await World.Edit.ExecuteAsync(bert, chatId, edit, message, "new", ct)).Value, Is.EqualTo(edited));
        Assert.That((await World.React.ExecuteAsync(bert, chatId, reaction, message, "👍", ct)).Value, Is.EqualTo(reacted));
        FailureAssert.Failed(await World.React.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, "👍", ct), ErrorCode.NotAMember, "chat_id");
        FailureAssert.Failed(await World.Edit.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, "new", ct), ErrorCode.NotAMember, "chat_id");
    }

    [Test, CancelAfter(30_000), Property("Promise", "P4")]
    public async Task A_retry_returns_the_first_answer_and_the_id_of_a_message_is_not_that_of_a_change(CancellationToken ct)
    {
        (Caller anna, _, long chatId) = await PairAsync();
        long message = await World.SendAsync(anna, chatId);
        Guid id = Guid.NewGuid(), sent = Guid.NewGuid();
        await World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, sent, "other", null));

        SentMessage first = (await World.Edit.ExecuteAsync(anna, chatId, id, message, "new", ct)).Value;
        SentMessage retry = (await World.Edit.ExecuteAsync(anna, chatId, id, message, "new", ct)).Value;

        Assert.That(retry, Is.EqualTo(first));
        FailureAssert.Failed(await World.Edit.ExecuteAsync(anna, chatId, id, message, "newer", ct), ErrorCode.ClientMessageIdReused, "client_message_id");
        FailureAssert.Failed(await World.Delete.ExecuteAsync(anna, chatId, id, message, ct), ErrorCode.ClientMessageIdReused, "client_message_id");
        FailureAssert.Failed(await World.Edit.ExecuteAsync(anna, chatId, sent, message, "other", ct), ErrorCode.ClientMessageIdReused, "client_message_id");
        FailureAssert.Failed(
            await World.Send.ExecuteAsync(anna, new SendMessageInput(chatId, id, "new", null)), ErrorCode.ClientMessageIdReused, "client_message_id");
    }

    [Test, CancelAfter(30_000)]
    public async Task Each_wrong_change_has_its_own_code(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), eve = await World.PersonAsync("Eve");
        long chatId = await World.GroupAsync(anna, bert);
        long message = await World.SendAsync(bert, chatId), gone = await World.SendAsync(bert, chatId);
        await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), gone, ct); // the admin's right
        Task<Result<SentMessage>> Edit(Caller who, long target, string? text = "x", Guid? id = null, long? chat = null) =>
            World.Edit.ExecuteAsync(who, chat ?? chatId, id ?? Guid.NewGuid(), target, text, ct);

        FailureAssert.Failed(await Edit(bert, message, ""), ErrorCode.TextEmpty, "text");
        FailureAssert.Failed(await Edit(bert, message, null), ErrorCode.TextEmpty, "text");
        FailureAssert.Failed(await Edit(bert, message, new string('x', 16_385)), ErrorCode.TextTooLong, "text");
        FailureAssert.Failed(await Edit(bert, message, "a\0"), ErrorCode.TextHasNul, "text");
        FailureAssert.Failed(await Edit(bert, message, id: Guid.Empty), ErrorCode.InvalidArgument, "client_message_id");
        FailureAssert.Failed(await Edit(bert, message, chat: 1L << 50), ErrorCode.ChatNotFound, "chat_id");
        FailureAssert.Failed(await Edit(eve, message), ErrorCode.NotAMember, "chat_id");
        foreach (long nothing in (long[])[long.MinValue, 0, 1, 1_000_000]) // the first event is no message
            FailureAssert.Failed(await Edit(bert, nothing), ErrorCode.MessageNotFound, "sequence");
        FailureAssert.Failed(await Edit(anna, message), ErrorCode.NotAllowed, "sequence");
        FailureAssert.Failed(await Edit(bert, gone), ErrorCode.MessageDeleted, "sequence");
        FailureAssert.Failed(await World.Delete.ExecuteAsync(bert, chatId, Guid.NewGuid(), gone, ct), ErrorCode.MessageDeleted, "sequence");
        FailureAssert.Failed(await World.React.ExecuteAsync(bert, chatId, Guid.NewGuid(), gone, "👍", ct), ErrorCode.MessageDeleted, "sequence");
        FailureAssert.Failed(await World.React.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, null, ct), ErrorCode.InvalidArgument, "emoji");
        FailureAssert.Failed(await World.Pin.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, true, ct), ErrorCode.NotAllowed, "sequence");
        FailureAssert.Failed(await World.Pin.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, false, ct), ErrorCode.InvalidArgument, "sequence");
        long own = await World.SendAsync(anna, chatId);
        FailureAssert.Failed(await World.Delete.ExecuteAsync(bert, chatId, Guid.NewGuid(), own, ct), ErrorCode.NotAllowed, "sequence");
        await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct);
        FailureAssert.Failed(await Edit(bert, message), ErrorCode.NotAMember, "chat_id");
    }

    [TestCase("👍"), TestCase("👩🏽‍❤️‍💋‍👨🏿"), TestCase("🏴󠁧󠁢󠁥󠁮󠁧󠁿"), TestCase("🇩🇪"), TestCase("1️⃣"), TestCase("‼️"), TestCase("❤️"), TestCase("🫩"), CancelAfter(30_000)]
    public async Task One_emoji_is_taken(string emoji, CancellationToken ct)
    {
        (Caller anna, _, long chatId) = await PairAsync();
        long message = await World.SendAsync(anna, chatId);
        Assert.That((await World.React.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, emoji, ct)).IsOk);
    }

    [TestCase(""), TestCase("a"), TestCase("7"), TestCase("👍👍"), TestCase(" "), TestCase("\0"), TestCase("👍 "), TestCase("é"), TestCase("你"), CancelAfter(30_000)]
    public async Task What_is_not_one_emoji_is_refused(string text, CancellationToken ct)
    {
        (Caller anna, _, long chatId) = await PairAsync();
        long message = await World.SendAsync(anna, chatId);
        FailureAssert.Failed(await World.React.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, text, ct), ErrorCode.InvalidArgument, "emoji");
    }

    [Test, CancelAfter(30_000), Property("Promise", "P9")]
    public async Task Nothing_of_a_message_from_before_ones_time_leaks_by_its_changes(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), late = await World.PersonAsync("Late");
        long chatId = await World.GroupAsync(anna, bert);
        long message = await World.SendAsync(anna, chatId, "before");
        await World.AddMembers.ExecuteAsync(anna, chatId, [late.PrincipalId], ct);

        SentMessage edited = (await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, "before, edited", ct)).Value;

        Assert.That(World.Events.Committed.Single(row => row.ChatId == chatId && row.Sequence == edited.Sequence).Text, Is.Null, "not in the push");
        EventRow repaired = (await new EventStore(World.Source).ReadRangeAsync(chatId, edited.Sequence, edited.Sequence, ct)).Single();
        Assert.That(repaired.Text, Is.Null, "nor in one that another node makes from the log");
        HistoryPage seen = (await World.ReadHistory.ExecuteAsync(late, chatId, 0, null, null, ct)).Value;
        Assert.That(seen.Events.Select(row => row.Text ?? ""), Has.None.Contains("before"));
        Assert.That((await ShownAsync(bert, chatId, edited.Sequence, ct)).Text, Is.EqualTo("before, edited"), "who may see the message may see its edit");
        FailureAssert.Failed(await World.React.ExecuteAsync(late, chatId, Guid.NewGuid(), message, "👍", ct), ErrorCode.MessageNotFound, "sequence");
        await World.Pin.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, pinned: true, ct);
        Assert.That((await World.ListPinned.ExecuteAsync(late, chatId, ct)).Value, Is.Empty);
        Assert.That((await World.ListPinned.ExecuteAsync(bert, chatId, ct)).Value.Select(row => row.Text), Is.EqualTo(new[] { "before, edited" }));
        await World.React.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, "👍", ct);
        Assert.That((await World.ListReactions.ExecuteAsync(late, chatId, message, null, null, ct)).Value.Reactions, Is.Empty);
        ChatRow listed = (await World.GetChat.ExecuteAsync(late, chatId, ct)).Value;
        Assert.That(listed.LastEvent!.Kind, Is.EqualTo(EventKinds.MemberAdded));
    }

    [Test, CancelAfter(30_000), Property("Promise", "P9")]
    public async Task One_who_left_sees_the_text_as_it_was_then_and_no_text_once_it_is_deleted(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        long message = await World.SendAsync(anna, chatId, "one");
        await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, "two", ct);
        await World.RemoveMember.ExecuteAsync(anna, chatId, bert.PrincipalId, ct);
        await World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, "three", ct);

        Assert.That((await ShownAsync(bert, chatId, message, ct)).Text, Is.EqualTo("two"));
        await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, ct);
        Assert.That((await ShownAsync(bert, chatId, message, ct)).Text, Is.Null);
    }

    [Test, CancelAfter(30_000)]
    public async Task After_the_window_the_author_is_too_late_and_an_admin_is_not(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        long chatId = await World.GroupAsync(anna, bert);
        long message = await World.SendAsync(bert, chatId);
        await AgeAsync(chatId, message, "16 minutes");

        FailureAssert.Failed(await World.Edit.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, "x", ct), ErrorCode.TooLate, "sequence");
        await AgeAsync(chatId, message, "61 hours");
        FailureAssert.Failed(await World.Delete.ExecuteAsync(bert, chatId, Guid.NewGuid(), message, ct), ErrorCode.TooLate, "sequence");
        Assert.That((await World.Delete.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, ct)).IsOk);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_message_has_at_most_32_different_emoji(CancellationToken ct)
    {
        (Caller anna, _, long chatId) = await PairAsync();
        long message = await World.SendAsync(anna, chatId);
        await World.React.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, "👍", ct);
        await using NpgsqlCommand many = World.Source.CreateCommand($$"""
            update message_changes set reactions = (select jsonb_object_agg(chr(128512 + i), 1) from generate_series(1, 32) i)
                || '{"👍": 1}' - chr(128513) where chat_id = {{chatId}} and sequence = {{message}}
            """);
        await many.ExecuteNonQueryAsync(ct);

        FailureAssert.Failed(await World.React.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, "🚢", ct), ErrorCode.InvalidArgument, "emoji");
        Assert.That((await World.React.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, char.ConvertFromUtf32(128515), ct)).IsOk);
    }

    [Test, CancelAfter(60_000)]
    public async Task Changes_and_messages_at_once_keep_the_log_dense_and_every_reaction_counted(CancellationToken ct)
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert"), cleo = await World.PersonAsync("Cleo");
        long chatId = await World.GroupAsync(anna, bert, cleo);
        long message = await World.SendAsync(anna, chatId);

        List<Task> all = [];
        for (int i = 0; i < 10; i++)
        {
            foreach (Caller who in (Caller[])[anna, bert, cleo])
                all.Add(World.React.ExecuteAsync(who, chatId, Guid.NewGuid(), message, i % 2 == 0 ? "👍" : "❤️", ct));
            all.Add(World.SendAsync(bert, chatId));
            all.Add(World.Edit.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, $"text {i}", ct));
        }

        await Task.WhenAll(all);
        IReadOnlyList<EventRow> log = await new EventStore(World.Source).ReadRangeAsync(chatId, 1, long.MaxValue, ct);
        Assert.That(log.Select(row => row.Sequence), Is.EqualTo(Enumerable.Range(1, log.Count).Select(n => (long)n)));
        EventRow shown = await ShownAsync(anna, chatId, message, ct);
        Assert.That(shown.Details!.Changes!.Reactions.Sum(one => one.Count), Is.EqualTo(3));
        Assert.That(shown.Text, Is.EqualTo(log.Last(row => row.Kind == EventKinds.Edited).Text));
        Assert.That(World.Events.Committed.Count(row => row.ChatId == chatId), Is.EqualTo(log.Count));
    }

    [Test, CancelAfter(30_000)]
    public async Task Changes_count_as_messages_for_the_rates(CancellationToken ct)
    {
        await using World strict = await World.CreateAsync(new LimitSettings { SendsPerMinute = 0.06, SendsBurst = 2, HistoryPerSecond = 0 });
        Caller anna = await strict.PersonAsync("Anna"), bert = await strict.PersonAsync("Bert");
        long chatId = await strict.DirectChatAsync(anna, bert);
        long message = await strict.SendAsync(anna, chatId);

        Assert.That((await strict.React.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, "👍", ct)).IsOk);
        Assert.That((await strict.React.ExecuteAsync(anna, chatId, Guid.NewGuid(), message, "❤️", ct)).Failure?.Code, Is.EqualTo(ErrorCode.RateLimited));
    }

    private async Task<EventRow> ShownAsync(Caller who, long chatId, long sequence, CancellationToken ct) =>
        (await World.ReadHistory.ExecuteAsync(who, chatId, sequence - 1, null, 1, ct)).Value.Events.Single();

    private async Task<string?> LogTextAsync(long chatId, long sequence)
    {
        await using NpgsqlCommand read = World.Source.CreateCommand($"select body from events where chat_id = {chatId} and sequence = {sequence}");
        return (string?)await read.ExecuteScalarAsync();
    }

    private async Task AgeAsync(long chatId, long sequence, string age)
    {
        await using NpgsqlCommand write = World.Source.CreateCommand(
            $"update events set created_at = now() - interval '{age}' where chat_id = {chatId} and sequence = {sequence}");
        await write.ExecuteNonQueryAsync();
    }

    private async Task<(Caller Anna, Caller Bert, long ChatId)> PairAsync()
    {
        Caller anna = await World.PersonAsync("Anna"), bert = await World.PersonAsync("Bert");
        return (anna, bert, await World.DirectChatAsync(anna, bert));
    }
}

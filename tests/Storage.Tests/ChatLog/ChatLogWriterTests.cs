using Chat.Storage.Accounts;
using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Npgsql;
using static Chat.Storage.Tests.ChatLog.ChatLogFixture;

namespace Chat.Storage.Tests.ChatLog;

[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class ChatLogWriterTests
{
    [Test, CancelAfter(30_000), Property("Promise", "P1")]
    public async Task Message_is_stored_before_its_outcome_is_known_and_told_to_the_sink()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        ChatLogWriter writer = fixture.CreateWriter();
        NewEvent message = Message(fixture.Group, fixture.Ben, "grüß dich 👋");

        AppendOutcome outcome = await writer.AppendAsync(message);

        Assert.That(outcome.Status, Is.EqualTo(AppendStatus.Appended));
        Assert.That(outcome.Sequence, Is.EqualTo(3));
        EventRow stored = (await fixture.ReadAllAsync(fixture.Group))[^1];
        Assert.That(stored, Is.EqualTo(new EventRow(
            fixture.Group, 3, EventKinds.Message, fixture.Ben, outcome.CreatedAtMs, message.ClientMessageId, null, message.Text, null, null)));
        Assert.That(fixture.Events.Of(fixture.Group)[^1], Is.EqualTo(stored));
    }

    [Test, CancelAfter(60_000), Property("Promise", "P3")]
    public async Task Two_writers_on_the_same_chats_leave_dense_sequences_in_the_order_of_their_calls()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        long[] chats = [fixture.Group, await fixture.People.CreateGroupAsync(fixture.Anna, fixture.Ben), await fixture.People.CreateGroupAsync(fixture.Anna)];
        ChatLogWriter[] writers = [fixture.CreateWriter(), fixture.CreateWriter(fixture.CreateSource(fixture.Database.ConnectionString))];

        AppendOutcome[][] outcomes = await Task.WhenAll(writers.Select(async writer =>
        {
            var calls = new List<Task<AppendOutcome>>();
            for (int i = 0; i < 1_500; i++)
            {
                calls.Add(writer.AppendAsync(Message(chats[i % 3], fixture.Anna, $"{i}")).AsTask());
                if (i % 100 == 99) await calls[^1];
            }
            return await Task.WhenAll(calls);
        }));

        Assert.That(outcomes.SelectMany(all => all).Select(outcome => outcome.Status), Is.All.EqualTo(AppendStatus.Appended));
        foreach (AppendOutcome[] ofWriter in outcomes)
            for (int chat = 0; chat < 3; chat++)
                Assert.That(ofWriter.Where((_, i) => i % 3 == chat).Select(outcome => outcome.Sequence), Is.Ordered.Ascending);
        foreach (long chat in chats)
        {
            await fixture.AssertDenseAsync(chat);
            Assert.That(fixture.Events.Of(chat).Select(e => e.Sequence), Is.Unique, "told once");
        }
    }

    [Test, CancelAfter(30_000), Property("Promise", "P4")]
    public async Task Same_id_and_content_again_gets_the_first_sequence_on_any_writer()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        NewEvent message = Message(fixture.Group, fixture.Ben);
        AppendOutcome first = await fixture.CreateWriter().AppendAsync(message);

        AppendOutcome again = await fixture.CreateWriter().AppendAsync(message with { });

        Assert.That(again, Is.EqualTo(first with { Status = AppendStatus.Duplicate }));
        await fixture.AssertDenseAsync(fixture.Group);
    }

    [Test, CancelAfter(30_000), Property("Promise", "P4")]
    public async Task Same_id_with_other_text_or_reply_target_is_refused_and_another_sender_may_use_it()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        ChatLogWriter writer = fixture.CreateWriter();
        NewEvent message = Message(fixture.Group, fixture.Ben, "one");
        AppendOutcome first = await writer.AppendAsync(message);

        Assert.That((await writer.AppendAsync(message with { Text = "two" })).Status, Is.EqualTo(AppendStatus.ClientMessageIdReused));
        Assert.That((await writer.AppendAsync(message with { ReplyTo = first.Sequence })).Status, Is.EqualTo(AppendStatus.ClientMessageIdReused));
        Assert.That((await writer.AppendAsync(message with { SenderId = fixture.Anna })).Status, Is.EqualTo(AppendStatus.Appended));
        await fixture.AssertDenseAsync(fixture.Group);
    }

    [Test, CancelAfter(30_000), Property("Promise", "P4")]
    public async Task Same_id_several_times_in_one_batch_is_stored_once()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        ChatLogWriter writer = fixture.CreateWriter(start: false);
        NewEvent message = Message(fixture.Group, fixture.Ben, "one");
        Task<AppendOutcome>[] calls =
        [
            writer.AppendAsync(message with { ReplyTo = 999 }).AsTask(), // not acceptable, so it does not take the id
            writer.AppendAsync(message).AsTask(),
            writer.AppendAsync(message with { }).AsTask(),
            writer.AppendAsync(message with { Text = "two" }).AsTask(),
            writer.AppendAsync(Message(fixture.Group, fixture.Ben, "after")).AsTask(),
        ];

        writer.Start();
        AppendOutcome[] outcomes = await Task.WhenAll(calls);

        Assert.That(outcomes.Select(outcome => outcome.Status), Is.EqualTo(new[]
        {
            AppendStatus.ReplyTargetNotFound, AppendStatus.Appended, AppendStatus.Duplicate, AppendStatus.ClientMessageIdReused, AppendStatus.Appended,
        }));
        Assert.That((outcomes[1].Sequence, outcomes[2].Sequence, outcomes[4].Sequence), Is.EqualTo((3L, 3L, 4L)));
        await fixture.AssertDenseAsync(fixture.Group);
        Assert.That(fixture.Events.Of(fixture.Group).Select(e => e.Sequence), Is.EqualTo(new[] { 1L, 2, 3, 4 }));
    }

    [Test, CancelAfter(30_000), Property("Promise", "P4")]
    public async Task Same_ids_through_two_writers_at_once_are_stored_once()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        ChatLogWriter[] writers = [fixture.CreateWriter(), fixture.CreateWriter()];
        NewEvent[] messages = [.. Enumerable.Range(0, 400).Select(i => Message(fixture.Group, fixture.Ben, $"{i}"))];

        AppendOutcome[][] outcomes = await Task.WhenAll(
            writers.Select(writer => Task.WhenAll(messages.Select(message => writer.AppendAsync(message).AsTask()))));

        for (int i = 0; i < messages.Length; i++)
        {
            Assert.That(outcomes[0][i].Sequence, Is.EqualTo(outcomes[1][i].Sequence));
            Assert.That(
                new[] { outcomes[0][i].Status, outcomes[1][i].Status },
                Is.EquivalentTo(new[] { AppendStatus.Appended, AppendStatus.Duplicate }));
        }
        await fixture.AssertDenseAsync(fixture.Group);
    }

    [Test, CancelAfter(30_000)]
    public async Task Unknown_chat_stranger_and_former_member_are_told_apart_and_disturb_nobody()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        long stranger = await fixture.People.CreateAsync();
        var memberships = new MembershipStore(fixture.Database.Source, fixture.Events);
        ChatLogWriter writer = fixture.CreateWriter();
        NewEvent sentInTime = Message(fixture.Group, fixture.Ben, "while I was in");
        AppendOutcome inTime = await writer.AppendAsync(sentInTime);
        await memberships.RemoveMemberAsync(fixture.Group, fixture.Anna, fixture.Ben, CancellationToken.None);

        AppendOutcome[] outcomes = await Task.WhenAll(
            writer.AppendAsync(Message(987_654_321, fixture.Anna)).AsTask(),
            writer.AppendAsync(Message(fixture.Group, stranger)).AsTask(),
            writer.AppendAsync(Message(fixture.Group, fixture.Ben)).AsTask(),
            writer.AppendAsync(sentInTime).AsTask(),
            writer.AppendAsync(Message(fixture.Group, fixture.Anna)).AsTask());

        Assert.That(outcomes.Select(outcome => outcome.Status), Is.EqualTo(new[]
        {
            AppendStatus.ChatNotFound, AppendStatus.NotAMember, AppendStatus.NotAMember, AppendStatus.Duplicate, AppendStatus.Appended,
        }));
        Assert.That(outcomes[3].Sequence, Is.EqualTo(inTime.Sequence), "a retry of what was acked is acked again");
        await fixture.AssertDenseAsync(fixture.Group);
    }

    [Test, CancelAfter(30_000)]
    public async Task Reply_target_must_be_a_message_that_the_sender_may_see()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        var memberships = new MembershipStore(fixture.Database.Source, fixture.Events);
        ChatLogWriter writer = fixture.CreateWriter();
        long early = (await writer.AppendAsync(Message(fixture.Group, fixture.Anna))).Sequence;
        long late = await fixture.People.CreateAsync();
        await memberships.AddMembersAsync(fixture.Group, fixture.Anna, [late], 256, CancellationToken.None);
        long seen = (await writer.AppendAsync(Message(fixture.Group, fixture.Anna))).Sequence;

        Assert.That((await writer.AppendAsync(Message(fixture.Group, late, replyTo: seen))).Status, Is.EqualTo(AppendStatus.Appended));
        Assert.That((await writer.AppendAsync(Message(fixture.Group, fixture.Ben, replyTo: early))).Status, Is.EqualTo(AppendStatus.Appended));
        foreach (long target in (long[])[early, 1, 0, -1, 999, long.MaxValue])
            Assert.That(
                (await writer.AppendAsync(Message(fixture.Group, late, replyTo: target))).Status,
                Is.EqualTo(AppendStatus.ReplyTargetNotFound),
                $"target {target}");
    }

    // U+0000 is refused by PostgreSQL (22021), a lone surrogate cannot even be encoded.
    [TestCase(0)]
    [TestCase(0xd800)]
    [CancelAfter(30_000), Property("Promise", "P5")]
    public async Task Poison_fails_alone_and_its_batch_mates_are_stored(int codeUnit)
    {
        string poison = $"a{(char)codeUnit}b";
        await using ChatLogFixture fixture = await CreateAsync();
        ChatLogWriter writer = fixture.CreateWriter(start: false);
        ValueTask<AppendOutcome>[] calls =
            [.. Enumerable.Range(0, 40).Select(i => writer.AppendAsync(Message(fixture.Group, fixture.Ben, i is 7 or 23 ? poison : $"{i}")))];

        writer.Start();
        var outcomes = new List<AppendOutcome>();
        foreach (ValueTask<AppendOutcome> call in calls)
            outcomes.Add(await call);

        Assert.That(outcomes.Index().Where(one => one.Item.Status == AppendStatus.Rejected).Select(one => one.Index), Is.EqualTo(new[] { 7, 23 }));
        Assert.That(outcomes.Count(outcome => outcome.Status == AppendStatus.Appended), Is.EqualTo(38));
        Assert.That((await fixture.ReadAllAsync(fixture.Group)).Skip(2).Select(e => e.Text),
            Is.EqualTo(Enumerable.Range(0, 40).Where(i => i is not (7 or 23)).Select(i => $"{i}")), "in the order of the calls");
        await fixture.AssertDenseAsync(fixture.Group);
    }

    [Test, CancelAfter(30_000), Property("Promise", "P12")]
    public async Task More_than_the_queue_holds_is_busy_before_it_is_accepted()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        ChatLogWriter writer = fixture.CreateWriter(options: new ChatLogOptions { MaxWaitingEvents = 10 }, start: false);

        ValueTask<AppendOutcome>[] calls = [.. Enumerable.Range(0, 11).Select(_ => writer.AppendAsync(Message(fixture.Group, fixture.Ben)))];

        AppendOutcome refused = await calls[10];
        Assert.That(refused.Status, Is.EqualTo(AppendStatus.Busy));
        Assert.That(refused.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        writer.Start();
        for (int i = 0; i < 10; i++)
            Assert.That((await calls[i]).Status, Is.EqualTo(AppendStatus.Appended));
        Assert.That(await fixture.ReadAllAsync(fixture.Group), Has.Count.EqualTo(12));
    }

    [Test, CancelAfter(30_000)]
    public async Task A_waiter_that_blocks_does_not_hold_the_log_up()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        ChatLogWriter writer = fixture.CreateWriter();
        using var release = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        async Task BlockAsync()
        {
            await writer.AppendAsync(Message(fixture.Group, fixture.Ben, "blocks"));
            entered.SetResult();
            release.Wait();
        }
        Task blocking = Task.Run(BlockAsync);
        await entered.Task;

        AppendOutcome other = await writer.AppendAsync(Message(fixture.Group, fixture.Anna));

        Assert.That(other.Status, Is.EqualTo(AppendStatus.Appended));
        release.Set();
        await blocking;
    }

    [Test, CancelAfter(30_000)]
    public async Task Stop_finishes_what_waits_and_takes_no_more()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        ChatLogWriter writer = fixture.CreateWriter();
        ValueTask<AppendOutcome>[] calls = [.. Enumerable.Range(0, 50).Select(_ => writer.AppendAsync(Message(fixture.Group, fixture.Ben)))];

        await writer.StopAsync();

        Assert.That((await writer.AppendAsync(Message(fixture.Group, fixture.Ben))).Status, Is.EqualTo(AppendStatus.Busy));
        foreach (ValueTask<AppendOutcome> call in calls)
            Assert.That((await call).Status, Is.EqualTo(AppendStatus.Appended));
    }

    [Test, CancelAfter(60_000), Property("Promise", "P9")]
    public async Task Messages_racing_with_a_removal_are_all_before_it_or_refused()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        var memberships = new MembershipStore(fixture.Database.Source, fixture.Events);
        ChatLogWriter writer = fixture.CreateWriter(options: new ChatLogOptions { MaxBatchEvents = 7 });

        for (int round = 0; round < 10; round++)
        {
            Task<AppendOutcome>[] sends = [.. Enumerable.Range(0, 60).Select(i => writer.AppendAsync(Message(fixture.Group, fixture.Ben, $"{i}")).AsTask())];
            MembershipOutcome removed = await memberships.RemoveMemberAsync(fixture.Group, fixture.Anna, fixture.Ben, CancellationToken.None);
            AppendOutcome[] outcomes = await Task.WhenAll(sends);

            Assert.That(removed.Status, Is.EqualTo(MembershipStatus.Done));
            long end = (await fixture.ReadAllAsync(fixture.Group)).Last(e => e.Kind == EventKinds.MemberRemoved).Sequence;
            Assert.That(outcomes.Where(o => o.Status == AppendStatus.Appended).Select(o => o.Sequence), Is.All.LessThan(end));
            Assert.That(outcomes.Select(o => o.Status), Is.All.AnyOf(AppendStatus.Appended, AppendStatus.NotAMember));
            await memberships.AddMembersAsync(fixture.Group, fixture.Anna, [fixture.Ben], 256, CancellationToken.None);
        }
        await fixture.AssertDenseAsync(fixture.Group);
    }

    [Test, CancelAfter(30_000)]
    public async Task Batches_are_cut_by_text_and_one_event_always_goes()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        ChatLogWriter writer = fixture.CreateWriter(options: new ChatLogOptions { MaxBatchTextLength = 10 });

        Task<AppendOutcome>[] sends = [.. Enumerable.Range(0, 20).Select(_ => writer.AppendAsync(Message(fixture.Group, fixture.Ben, new string('x', 100))).AsTask())];

        Assert.That((await Task.WhenAll(sends)).Select(outcome => outcome.Status), Is.All.EqualTo(AppendStatus.Appended));
    }

    [Test, CancelAfter(30_000)]
    public async Task Every_account_has_an_inbox_of_its_own()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        AccountRow anna = (await fixture.People.Accounts.FindAsync(fixture.Anna, CancellationToken.None))!;

        IReadOnlyList<EventRow> inbox = await fixture.ReadAllAsync(anna.InboxChatId);

        Assert.That(inbox.Select(e => (e.Kind, e.SubjectId)), Is.EqualTo(new[] { (EventKinds.ChatAdded, (long?)fixture.Group) }));
    }
}

using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using static Chat.Storage.Tests.ChatLog.ChatLogFixture;

namespace Chat.Storage.Tests.ChatLog;

/// <summary>Batches that are tried as plain ones (ADR 0011): the same answers, whatever they turn out to be.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class PlainBatchTests
{
    [Test, CancelAfter(30_000), Property("Promise", "P3")]
    public async Task Batch_over_many_chats_is_numbered_in_the_order_of_the_calls_and_told_in_order()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        long[] chats = [await fixture.People.CreateGroupAsync(fixture.Ben), fixture.Group, await fixture.People.CreateGroupAsync(fixture.Ben)];
        ChatLogWriter writer = fixture.CreateWriter(start: false);
        Task<AppendOutcome>[] calls =
            [.. Enumerable.Range(0, 90).Select(i => writer.AppendAsync(Message(chats[i * 7 % 3], fixture.Ben, $"{i}")).AsTask())];

        writer.Start();
        AppendOutcome[] outcomes = await Task.WhenAll(calls);

        Assert.That(outcomes.Select(outcome => outcome.Status), Is.All.EqualTo(AppendStatus.Appended));
        for (int chat = 0; chat < 3; chat++)
        {
            await fixture.AssertDenseAsync(chats[chat]);
            IReadOnlyList<EventRow> stored = await fixture.ReadAllAsync(chats[chat]);
            Assert.That(stored.Where(e => e.Kind == EventKinds.Message).Select(e => e.Text),
                Is.EqualTo(Enumerable.Range(0, 90).Where(i => i * 7 % 3 == chat).Select(i => $"{i}")));
            Assert.That(fixture.Events.Of(chats[chat]), Is.EqualTo(stored));
            Assert.That(outcomes.Where((_, i) => i * 7 % 3 == chat).Select(o => (o.Sequence, o.CreatedAtMs)),
                Is.EqualTo(stored.Where(e => e.Kind == EventKinds.Message).Select(e => (e.Sequence, e.CreatedAtMs))));
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task Message_of_the_same_batch_is_no_reply_target_not_even_oneself()
    {
        await using ChatLogFixture fixture = await CreateAsync();
        ChatLogWriter writer = fixture.CreateWriter(start: false);
        Task<AppendOutcome>[] calls =
        [
            writer.AppendAsync(Message(fixture.Group, fixture.Ben, "third")).AsTask(),
            writer.AppendAsync(Message(fixture.Group, fixture.Ben, "answers the third", replyTo: 3)).AsTask(),
            writer.AppendAsync(Message(fixture.Group, fixture.Anna, "answers itself", replyTo: 5)).AsTask(),
        ];

        writer.Start();
        AppendOutcome[] outcomes = await Task.WhenAll(calls);

        Assert.That(outcomes.Select(outcome => outcome.Status), Is.EqualTo(new[]
        {
            AppendStatus.Appended, AppendStatus.ReplyTargetNotFound, AppendStatus.ReplyTargetNotFound,
        }));
        await fixture.AssertDenseAsync(fixture.Group);
    }

    [TestCase(false)]
    [TestCase(true)]
    [CancelAfter(60_000)]
    public async Task Batches_of_all_kinds_of_messages_get_the_same_answers_whole_and_one_by_one(bool whole)
    {
        int seed = Environment.TickCount;
        TestContext.Out.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        await using ChatLogFixture fixture = await CreateAsync();
        long stranger = await fixture.People.CreateAsync();
        long other = await fixture.People.CreateGroupAsync(fixture.Ben, fixture.Anna);
        var memberships = new MembershipStore(fixture.Database.Source, fixture.Events);
        await memberships.RemoveMemberAsync(other, fixture.Ben, fixture.Anna, CancellationToken.None);
        ChatLogWriter writer = fixture.CreateWriter(options: new ChatLogOptions { MaxBatchEvents = whole ? 500 : 1 });
        ChatLogWriter elsewhere = fixture.CreateWriter();
        var sent = new List<(NewEvent Event, AppendOutcome Outcome)>();

        for (int round = 0; round < 40; round++)
        {
            List<NewEvent> batch = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Any())];
            AppendOutcome[] outcomes = await Task.WhenAll(batch.Select(e => (round % 3 == 0 ? elsewhere : writer).AppendAsync(e).AsTask()));
            sent.AddRange(batch.Zip(outcomes));
        }

        var first = new Dictionary<(long, long, Guid), (NewEvent Event, AppendOutcome Outcome)>();
        foreach ((NewEvent e, AppendOutcome outcome) in sent)
        {
            (long, long, Guid) key = (e.ChatId, e.SenderId, e.ClientMessageId);
            AppendStatus expected = first.TryGetValue(key, out var known)
                ? known.Event == e ? AppendStatus.Duplicate : AppendStatus.ClientMessageIdReused
                : e.ChatId != fixture.Group && e.ChatId != other ? AppendStatus.ChatNotFound
                : e.SenderId == stranger || (e.ChatId == other && e.SenderId == fixture.Anna) ? AppendStatus.NotAMember
                : e.ReplyTo == 999_999 ? AppendStatus.ReplyTargetNotFound
                : AppendStatus.Appended;
            Assert.That(outcome.Status, Is.EqualTo(expected), $"{e}");
            if (expected == AppendStatus.Appended) first.Add(key, (e, outcome));
            if (expected == AppendStatus.Duplicate) Assert.That(outcome.Sequence, Is.EqualTo(known.Outcome.Sequence));
        }
        await fixture.AssertDenseAsync(fixture.Group);
        await fixture.AssertDenseAsync(other);

        NewEvent Any()
        {
            int kind = random.Next(20);
            if (kind < 2 && sent.Count > 0) return sent[random.Next(sent.Count)].Event;
            if (kind == 2 && sent.Count > 0) return sent[random.Next(sent.Count)].Event with { Text = "another" };
            long chat = kind == 3 ? 987_654_321 : random.Next(2) == 0 ? fixture.Group : other;
            long sender = kind == 4 ? stranger : kind == 5 ? fixture.Anna : fixture.Ben;
            return Message(chat, sender, $"{random.Next()}", replyTo: kind == 6 ? 999_999 : null);
        }
    }
}

using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.Tests.ChatLog;

namespace Chat.Storage.Tests.Chats;

/// <summary>How many messages lie between two places of a log, whatever else lies there.</summary>
[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class UnreadTests
{
    [Test, CancelAfter(60_000)]
    public async Task The_count_is_that_of_the_log_between_any_two_places(CancellationToken ct)
    {
        const int Seed = 5;
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        ChatLogWriter writer = fixture.CreateWriter();
        var changes = new MessageChangeStore(fixture.Database.Source, fixture.Events);
        var details = new ChatDetailsStore(fixture.Database.Source, fixture.Events);
        var store = new ChatStore(fixture.Database.Source);
        Random random = new(Seed);
        long message = (await writer.AppendAsync(ChatLogFixture.Message(fixture.Group, fixture.Ben))).Sequence;
        for (int i = 0; i < 60; i++)
        {
            switch (random.Next(4))
            {
                case 0:
                    await changes.ApplyAsync(
                        new MessageChange(fixture.Group, fixture.Ben, EventKinds.Edited, Guid.NewGuid(), message, $"text {i}"), new ChangeWindows(null, null), ct);
                    break;
                case 1:
                    await details.RenameAsync(fixture.Group, fixture.Anna, $"name {i}", ct);
                    break;
                default:
                    await writer.AppendAsync(ChatLogFixture.Message(fixture.Group, fixture.Ben));
                    break;
            }
        }

        ChatRow row = (await store.FindAsync(fixture.Group, fixture.Anna, ct))!;
        IReadOnlyList<EventRow> log = await new EventStore(fixture.Database.Source).ReadRangeAsync(fixture.Group, 1, row.HeadSequence, ct);
        long Count(long after, long upTo) => log.Count(e => e.Kind == EventKinds.Message && e.Sequence > after && e.Sequence <= upTo);

        Assert.That(log.Select(e => e.Kind).Distinct().Count(), Is.GreaterThanOrEqualTo(4));
        Assert.That(row.Unread, Is.EqualTo(Count(row.ReadUpTo, row.HeadSequence)).And.GreaterThan(0));
        for (long after = 0; after <= row.HeadSequence + 1; after += 3)
            for (long upTo = 0; upTo <= row.HeadSequence; upTo += 4)
                Assert.That(await store.CountUnreadAsync(fixture.Group, after, upTo, ct), Is.EqualTo(Count(after, upTo)), $"{after} to {upTo}");
    }

    /// <summary>An older node beside this one, and what was stored before this version: such events count as they did, and nothing else moves.</summary>
    [Test, CancelAfter(30_000)]
    public async Task What_an_older_version_stored_counts_until_it_is_read(CancellationToken ct)
    {
        await using ChatLogFixture fixture = await ChatLogFixture.CreateAsync();
        ChatLogWriter writer = fixture.CreateWriter();
        var details = new ChatDetailsStore(fixture.Database.Source, fixture.Events);
        var store = new ChatStore(fixture.Database.Source);
        await details.RenameAsync(fixture.Group, fixture.Anna, "one", ct);
        await using (Npgsql.NpgsqlCommand forget = fixture.Database.Source.CreateCommand("delete from quiet_events"))
            await forget.ExecuteNonQueryAsync(ct);
        await writer.AppendAsync(ChatLogFixture.Message(fixture.Group, fixture.Anna));
        await details.RenameAsync(fixture.Group, fixture.Anna, "two", ct);

        ChatRow row = (await store.FindAsync(fixture.Group, fixture.Ben, ct))!;

        Assert.That((row.HeadSequence - row.ReadUpTo, row.Unread), Is.EqualTo((3L, 2L)));
        Assert.That(await store.CountUnreadAsync(fixture.Group, row.ReadUpTo + 1, row.HeadSequence, ct), Is.EqualTo(1));
    }
}

using System.Collections.Concurrent;
using Chat.Storage.ChatLog;
using PendingAppend = Chat.Storage.Pending<Chat.Storage.ChatLog.NewEvent, Chat.Storage.ChatLog.AppendOutcome>;

namespace Chat.Storage.Tests.ChatLog;

[TestFixture, Parallelizable(ParallelScope.Self)]
public sealed class AppendColumnsTests
{
    [Test]
    public void Events_are_ordered_by_chat_and_within_it_by_their_calls_and_each_knows_how_many_come_behind()
    {
        var columns = new AppendColumns();

        columns.Fill(Batch((9, 1, null), (7, 1, null), (9, 2, 4), (8, 1, null), (9, 2, null), (7, 3, 2)));

        Assert.That(columns.ChatIds, Is.EqualTo(new long[] { 7, 7, 8, 9, 9, 9 }));
        Assert.That(Enumerable.Range(0, 6).Select(columns.IndexOf), Is.EqualTo(new[] { 1, 5, 3, 0, 2, 4 }));
        Assert.That(columns.Behind, Is.EqualTo(new long[] { 1, 0, 0, 2, 1, 0 }));
        Assert.That(columns.LockedChatIds.Zip(columns.EventCounts), Is.EqualTo(new (long, long)[] { (7, 2), (8, 1), (9, 3) }));
        Assert.That(columns.AskedChatIds.Zip(columns.AskedSenderIds), Is.EqualTo(new (long, long)[] { (7, 1), (7, 3), (8, 1), (9, 1), (9, 2) }));
        Assert.That(
            columns.ReplyChatIds.Zip(columns.ReplySenderIds, columns.ReplyTargets).Zip(columns.ReplyEventCounts),
            Is.EqualTo(new ((long, long, long), long)[] { ((7, 3, 2), 2), ((9, 2, 4), 3) }));
    }

    [Test]
    public void A_batch_leaves_nothing_to_the_next_one()
    {
        var columns = new AppendColumns();
        columns.Fill(Batch((9, 1, 3), (7, 1, null), (9, 2, 4)));

        columns.Fill(Batch((5, 2, null)));

        Assert.That((columns.Count, columns.LockedChatIds.Single(), columns.EventCounts.Single(), columns.Behind.Single()), Is.EqualTo((1, 5L, 1L, 0L)));
        Assert.That((columns.AskedChatIds.Count, columns.ReplyChatIds.Count, columns.ReplyEventCounts.Count), Is.EqualTo((1, 0, 0)));
    }

    private static PendingAppend[] Batch(params (long Chat, long Sender, long? ReplyTo)[] events)
    {
        var pool = new ConcurrentQueue<PendingAppend>();
        return
        [
            .. events.Select(e =>
            {
                PendingAppend pending = PendingAppend.Rent(pool);
                _ = pending.BeginAsync(ChatLogFixture.Message(e.Chat, e.Sender, replyTo: e.ReplyTo), 0).AsTask();
                return pending;
            }),
        ];
    }
}

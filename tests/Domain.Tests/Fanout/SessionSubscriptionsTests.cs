using Chat.Domain.Fanout;

namespace Chat.Domain.Tests.Fanout;

/// <summary>A session's chats behave as a set, whatever the order of entering and leaving.</summary>
[TestFixture]
internal sealed class SessionSubscriptionsTests
{
    [Test]
    public void Any_order_of_adding_and_removing_leaves_what_a_set_holds([Range(1, 10)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        SessionSubscriptions session = new(new RecordingSubscriber(1, 1));
        session.Entered();
        if (seed % 2 == 0) session.Reserve(random.Next(100));
        SortedSet<long> expected = [];

        for (int step = 0; step < 2_000; step++)
        {
            long chat = random.Next(-50, 150);
            if (random.Next(5) < 3)
            {
                Assert.That(session.TryAdd(chat, joinedAt: step));
                expected.Add(chat);
            }
            else
            {
                session.Remove(chat, leftAt: step);
                expected.Remove(chat);
            }

            long asked = random.Next(-50, 150);
            Assert.That(session.Contains(asked), Is.EqualTo(expected.Contains(asked)));
        }

        Assert.That(session.RemoveAll(), Is.EqualTo(expected));
    }

    [Test]
    public void After_the_end_nothing_is_added()
    {
        SessionSubscriptions session = new(new RecordingSubscriber(1, 1));
        session.TryAdd(1, joinedAt: 1);

        Assert.That(session.RemoveAll(), Is.EqualTo(new[] { 1L }));
        Assert.That(session.TryAdd(2, joinedAt: 1), Is.False);
        Assert.That(session.Contains(1), Is.False);
        Assert.That(session.RemoveAll(), Is.Empty);
    }

    [Test]
    public void While_a_membership_is_read_what_ended_it_counts_in_the_order_of_the_log()
    {
        SessionSubscriptions session = new(new RecordingSubscriber(1, 1)); // entering
        session.Remove(7, leftAt: 5);

        Assert.That(session.TryAdd(7, joinedAt: 4), Is.False);
        Assert.That(session.TryAdd(7, joinedAt: 5, isToldByInbox: true), Is.False, "the log itself says that it ended there");
        Assert.That(session.TryAdd(7, joinedAt: 6));
        Assert.That(session.TryAdd(7, joinedAt: 4), "it is in already, by a later one");
    }

    /// <summary>Who unsubscribes and subscribes again before anything is posted begins at the same place as before.</summary>
    [Test]
    public void What_the_inbox_said_ended_begins_anew_at_the_same_place_when_the_inbox_says_so()
    {
        SessionSubscriptions session = new(new RecordingSubscriber(1, 1)); // entering
        session.Remove(7, leftAt: 5, isSilent: true);

        Assert.That(session.TryAdd(7, joinedAt: 5), Is.False, "read before that, perhaps");
        Assert.That(session.TryAdd(7, joinedAt: 4, isToldByInbox: true), Is.False);
        Assert.That(session.TryAdd(7, joinedAt: 5, isToldByInbox: true));
        session.Remove(7, leftAt: 5); // the removal by an admin comes at that place, too, and counts for more
        Assert.That(session.TryAdd(7, joinedAt: 5, isToldByInbox: true), Is.False);
    }

    [Test]
    public void A_removal_that_is_heard_late_ends_no_membership_that_began_behind_it()
    {
        SessionSubscriptions session = new(new RecordingSubscriber(1, 1));
        session.TryAdd(7, joinedAt: 4);
        session.JoinedLater(7, joinedAt: 9);

        Assert.That(session.Remove(7, leftAt: 6), Is.False);
        Assert.That(session.Contains(7));
        Assert.That(session.Remove(7, leftAt: 9));
        Assert.That(session.Contains(7), Is.False);
        session.TryAdd(7, joinedAt: 12);
        Assert.That(session.Remove(7, leftAt: 12), "of the one before nothing is left");
    }
}

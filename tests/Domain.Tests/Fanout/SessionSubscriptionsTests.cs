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
}

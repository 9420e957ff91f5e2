using Chat.Domain.Search;

namespace Chat.Domain.Tests.Search;

/// <summary>R-090: the index gives way to messages (ADR 0023).</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class IndexingPaceTests
{
    private readonly IndexingPace _pace = new();

    [Test]
    public void A_step_becomes_as_large_as_its_time_allows()
    {
        for (int i = 0; i < 30; i++) _pace.Took(TimeSpan.FromMicroseconds(3 * _pace.Events), wasWhole: true);
        Assert.That(IndexingPace.Step / TimeSpan.FromMicroseconds(3 * _pace.Events), Is.EqualTo(1).Within(0.3));

        for (int i = 0; i < 30; i++) _pace.Took(TimeSpan.FromMicroseconds(300 * _pace.Events), wasWhole: true); // the machine is slow now
        Assert.That(IndexingPace.Step / TimeSpan.FromMicroseconds(300 * _pace.Events), Is.EqualTo(1).Within(0.3));
    }

    [Test]
    public void One_slow_step_leaves_a_quarter()
    {
        _pace.Took(TimeSpan.FromMinutes(1), wasWhole: true);
        Assert.That(_pace.Events, Is.EqualTo(IndexingPace.FirstEvents / 4));
    }

    [Test]
    public void It_stays_within_its_bounds()
    {
        for (int i = 0; i < 100; i++) _pace.Took(TimeSpan.FromSeconds(1), wasWhole: true);
        Assert.That((_pace.Events, _pace.Chats), Is.EqualTo((20, 1)));

        for (int i = 0; i < 100; i++) _pace.Took(TimeSpan.Zero, wasWhole: true);
        Assert.That((_pace.Events, _pace.Chats), Is.EqualTo((IndexingPace.MostEvents, 125)));
    }

    [Test]
    public void A_step_that_was_not_whole_says_nothing_about_a_larger_one()
    {
        _pace.Took(TimeSpan.Zero, wasWhole: false);
        Assert.That(_pace.Events, Is.EqualTo(IndexingPace.FirstEvents));
    }

    [TestCase(20, 0, 1, 20)]
    [TestCase(20, 10, 3, 20)]
    [TestCase(20, 11, 1, 380)] // messages wait
    [TestCase(20, 5_000, 1, 380)]
    [TestCase(20, 11, 3, 1_180)] // and two other nodes index, too
    [TestCase(5_000, 0, 1, 2_000)]
    [TestCase(500, 11, 1, 2_000)]
    public void It_rests_as_long_as_it_worked_and_longer_while_messages_wait(int worked, int wait, int nodes, int rest) =>
        Assert.That(
            IndexingPace.Rest(TimeSpan.FromMilliseconds(worked), TimeSpan.FromMilliseconds(wait), nodes),
            Is.EqualTo(TimeSpan.FromMilliseconds(rest)));
}

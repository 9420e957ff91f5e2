using Chat.Storage.ChatLog;
using Chat.TestKit;

namespace Chat.Storage.Tests.ChatLog;

/// <summary>When a small batch waits for company (ADR 0028).</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class GatheringPauseTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly GatheringPause _pause = new();

    [Test]
    public void Nothing_waits_before_a_batch_was_stored() => Assert.That(_pause.Next(1), Is.EqualTo(TimeSpan.Zero));

    [TestCase(0.3)]
    [TestCase(8)] // a slow disk is no load
    public void Nothing_waits_while_commits_take_what_they_always_take(double milliseconds)
    {
        Store(TimeSpan.FromMilliseconds(milliseconds), batches: 100);
        Store(TimeSpan.FromMilliseconds(milliseconds * 1.5), batches: 100);

        Assert.That(_pause.Next(1), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void What_commits_take_too_long_is_waited_for_company_and_no_longer_when_it_is_over()
    {
        Store(TimeSpan.FromMilliseconds(1), batches: 1);
        Store(TimeSpan.FromMilliseconds(6), batches: 100);
        Assert.That(_pause.Next(1).TotalMilliseconds, Is.EqualTo(4).Within(0.1));

        Store(TimeSpan.FromMilliseconds(200), batches: 100);
        Assert.That(_pause.Next(1), Is.EqualTo(GatheringPause.Longest));

        Store(TimeSpan.FromMilliseconds(1), batches: 100);
        Assert.That(_pause.Next(1), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void One_commit_that_took_long_is_chance()
    {
        Store(TimeSpan.FromMilliseconds(1), batches: 100);
        Store(TimeSpan.FromMilliseconds(8), batches: 1);

        Assert.That(_pause.Next(1), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Who_has_company_does_not_wait_and_a_large_batch_says_nothing_of_the_load()
    {
        Store(TimeSpan.FromMilliseconds(1), batches: 1);
        Store(TimeSpan.FromMilliseconds(20), batches: 100, events: GatheringPause.EnoughEvents);
        Assert.That(_pause.Next(1), Is.EqualTo(TimeSpan.Zero));

        Store(TimeSpan.FromMilliseconds(20), batches: 100);
        Assert.That(_pause.Next(GatheringPause.EnoughEvents), Is.EqualTo(TimeSpan.Zero));
        Assert.That(_pause.Next(GatheringPause.EnoughEvents - 1), Is.EqualTo(GatheringPause.Longest));
    }

    [Test]
    public void A_load_that_ends_is_noticed_though_the_pause_makes_all_batches_large()
    {
        Store(TimeSpan.FromMilliseconds(1), batches: 1);
        Store(TimeSpan.FromMilliseconds(20), batches: 100);
        Assert.That(_pause.Next(1), Is.EqualTo(GatheringPause.Longest));

        Store(TimeSpan.FromMilliseconds(2), batches: 100, events: 2 * GatheringPause.EnoughEvents);
        Assert.That(_pause.Next(1), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void A_disk_that_became_slower_is_no_load_after_a_minute()
    {
        Store(TimeSpan.FromMilliseconds(1), batches: 100);
        Store(TimeSpan.FromMilliseconds(10), batches: 100);
        Assert.That(_pause.Next(1), Is.GreaterThan(TimeSpan.Zero));

        for (int second = 0; second < 70; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Store(TimeSpan.FromMilliseconds(10), batches: 1);
        }

        Assert.That(_pause.Next(1), Is.EqualTo(TimeSpan.Zero));
    }

    private void Store(TimeSpan after, int batches, int events = 1)
    {
        for (int batch = 0; batch < batches; batch++) _pause.Took(after, events, _time);
    }
}

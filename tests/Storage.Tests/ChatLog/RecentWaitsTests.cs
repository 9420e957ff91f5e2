using Chat.Storage.ChatLog;
using Chat.TestKit;

namespace Chat.Storage.Tests.ChatLog;

/// <summary>How long messages waited lately, for the index of search (ADR 0023).</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RecentWaitsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecentWaits _waits;

    public RecentWaitsTests() => _waits = new RecentWaits(_time);

    [Test]
    public void Nothing_waits_before_a_batch_was_stored() => Assert.That(_waits.Average, Is.EqualTo(TimeSpan.Zero));

    [Test]
    public void It_follows_what_lasts()
    {
        Add(milliseconds: 20, times: 50);
        Assert.That(_waits.Average.TotalMilliseconds, Is.EqualTo(20).Within(0.1));

        Add(milliseconds: 2, times: 50);
        Assert.That(_waits.Average.TotalMilliseconds, Is.EqualTo(2).Within(0.1));
    }

    [Test]
    public void One_that_waited_long_is_chance()
    {
        Add(milliseconds: 2, times: 50);
        Add(milliseconds: 40, times: 1);

        Assert.That(_waits.Average.TotalMilliseconds, Is.LessThan(10));
    }

    [Test]
    public void Where_nothing_comes_nothing_waits_any_more()
    {
        Add(milliseconds: 100, times: 50);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_waits.Average, Is.EqualTo(TimeSpan.Zero));

        Add(milliseconds: 2, times: 1);
        Assert.That(_waits.Average.TotalMilliseconds, Is.LessThan(2), "what was before is over");
    }

    private void Add(double milliseconds, int times)
    {
        for (int i = 0; i < times; i++) _waits.Add(TimeSpan.FromMilliseconds(milliseconds));
    }
}

using Chat.Server.Cluster;
using Chat.TestKit;

namespace Chat.Server.Tests.Cluster;

[Parallelizable, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ProbeLogTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Silence_is_that_of_the_oldest_probe_that_is_missing()
    {
        ProbeLog probes = new(_time);
        Assert.That(probes.LongestSilence(), Is.EqualTo(TimeSpan.Zero), "nothing was sent");

        long first = probes.Send();
        _time.Advance(TimeSpan.FromSeconds(2));
        long second = probes.Send();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(probes.LongestSilence(), Is.EqualTo(TimeSpan.FromSeconds(3)));

        Assert.That(probes.Hear(first), Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(probes.LongestSilence(), Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(probes.Hear(second), Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(probes.LongestSilence(), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void A_later_probe_ends_the_wait_for_one_that_was_lost()
    {
        ProbeLog probes = new(_time);
        long lost = probes.Send();
        long heard = probes.Send();

        Assert.That(probes.Hear(heard), Is.Not.Null);
        Assert.That(probes.LongestSilence(), Is.EqualTo(TimeSpan.Zero));
        Assert.That(probes.Hear(lost), Is.Null);
    }

    [Test]
    public void Numbers_of_an_earlier_log_are_not_known()
    {
        ProbeLog before = new(_time);
        long old = before.Send();
        _time.Advance(TimeSpan.FromTicks(1));
        ProbeLog after = new(_time);
        long own = after.Send();

        Assert.That(after.Knows(old), Is.False);
        Assert.That(after.Knows(own), Is.True);
        Assert.That(after.Knows(own + 1), Is.False);
    }
}

using Chat.Load.Report;

namespace Chat.Load.Tests.Report;

[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class LatencyHistogramTests
{
    private const double Precision = 0.016;

    [Test]
    public void Shares_of_an_even_spread_are_read_back_within_the_precision()
    {
        LatencyHistogram histogram = new();
        for (int ms = 1; ms <= 1_000; ms++) histogram.Record(ms * 1_000_000L);

        Assert.That(histogram.Milliseconds(0.5), Is.EqualTo(500).Within(500 * Precision));
        Assert.That(histogram.Milliseconds(0.99), Is.EqualTo(990).Within(990 * Precision));
        Assert.That(histogram.Milliseconds(1), Is.EqualTo(1_000));
    }

    [TestCase(0L)]
    [TestCase(999L)]
    [TestCase(1_000L)]
    [TestCase(127_000L)]
    [TestCase(128_000L)]
    [TestCase(3_600_000_000_000L)]
    public void A_single_latency_is_read_back_exactly(long nanoseconds)
    {
        LatencyHistogram histogram = new();
        histogram.Record(nanoseconds);

        Assert.That(histogram.Milliseconds(0.5), Is.EqualTo(nanoseconds / 1_000 / 1_000.0));
    }

    [Test]
    public void What_is_added_counts_with_the_rest_and_clearing_forgets()
    {
        LatencyHistogram all = new();
        LatencyHistogram part = new();
        all.Record(1_000_000);
        part.Record(5_000_000);
        all.Add(part);
        part.Clear();

        Assert.That((all.Count, all.Milliseconds(1)), Is.EqualTo((2, 5.0)));
        Assert.That((part.Count, part.Milliseconds(1)), Is.EqualTo((0, 0.0)));
    }

    [Test]
    public void The_distribution_rises_to_all()
    {
        LatencyHistogram histogram = new();
        for (int ms = 1; ms <= 10; ms++) histogram.Record(ms * 1_000_000L);

        IReadOnlyList<LatencyShare> shares = histogram.Distribution();

        Assert.That(shares, Has.Count.EqualTo(10));
        Assert.That(shares.Select(share => share.Share), Is.Ordered);
        Assert.That(shares[^1].Share, Is.EqualTo(1));
    }

    [Test]
    public void Nothing_recorded_is_zero()
    {
        Assert.That(new LatencyHistogram().Milliseconds(0.99), Is.Zero);
    }
}

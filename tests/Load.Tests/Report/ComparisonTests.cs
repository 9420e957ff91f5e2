using Chat.Load.Report;
using Chat.Load.Report.Charts;

namespace Chat.Load.Tests.Report;

[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class ComparisonTests
{
    [Test]
    public void A_ratio_is_judged_against_the_peer_of_the_same_shape()
    {
        ComparisonTarget target = ComparisonTarget.Judge([Line("1x1000", "chat", deliveries: 240), Line("1x1000", "bun", deliveries: 100)])[0];

        Assert.That((target.Actual, target.IsKept), Is.EqualTo((2.4, true)));
    }

    [Test]
    public void A_target_without_its_peer_is_neither_kept_nor_missed()
    {
        IReadOnlyList<ComparisonTarget> targets = ComparisonTarget.Judge([Line("1x1000", "chat", deliveries: 240)]);

        Assert.That(targets.Select(target => target.IsKept), Is.All.Null);
    }

    [TestCase(25, true)]
    [TestCase(25.1, false)]
    public void A_latency_is_judged_by_its_ceiling(double p99, bool isKept)
    {
        IReadOnlyList<ComparisonTarget> targets = ComparisonTarget.Judge([Line("100x10@5000", "chat", p99: p99)]);

        Assert.That(targets.Single(target => target.Actual is not null).IsKept, Is.EqualTo(isKept));
    }

    [Test]
    public void A_line_has_the_names_that_readers_of_it_expect()
    {
        string json = Line("100x10", "signalr+pg", deliveries: 5, p99: 7).ToJson();

        Assert.That(json, Does.StartWith("""{"shape":"100x10","system":"signalr""").And.Contain("\"acked_per_s\":").And.Contain("\"deliveries_per_s\":5")
            .And.Contain("\"p50_ms\":").And.Contain("\"p99_ms\":7").And.Contain("\"server_cpu_us_per_delivery\":1").And.Contain("\"rss_kb_per_connection\":2"));
    }

    [Test]
    public void Charts_have_a_bar_for_every_system()
    {
        IReadOnlyList<(string File, string Svg)> charts = ComparisonCharts.Make([Line("100x10", "chat"), Line("100x10", "bun")]);

        Assert.That(charts.Select(chart => chart.File), Is.EqualTo((string[])["throughput.svg", "latency.svg", "cpu.svg"]));
        Assert.That(charts.Select(chart => chart.Svg), Is.All.Contain(">chat<").And.All.Contain(">bun<"));
    }

    private static ComparisonLine Line(string shape, string system, double deliveries = 1, double p99 = 1) => new()
    {
        Shape = shape,
        System = system,
        AckedPerS = deliveries,
        DeliveriesPerS = deliveries,
        P50Ms = 0,
        P99Ms = p99,
        P999Ms = 0,
        MaxMs = 0,
        Lost = 0,
        Duplicated = 0,
        OutOfOrder = 0,
        Corrupted = 0,
        Dropped = 0,
        ServerCpuUsPerDelivery = 1,
        GeneratorCpuUsPerDelivery = 1,
        RssKbPerConnection = 2,
        Seconds = 3,
        Passed = true,
    };
}

using System.Diagnostics.Metrics;
using Chat.Server.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Server.Tests.Diagnostics.Metrics;

/// <summary>
/// The text that Prometheus reads: by its own parser where that is installed, and by a strict reading of the format everywhere.
/// </summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class MetricTextTests
{
    private const string Hostile = "a \"quoted\" \\ back\nline, {braces} ü 🎉";

    private static readonly double[] Numbers = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300, -0.1];

    private ServiceProvider _services = null!;
    private MetricCollector _collector = null!;
    private Meter _meter = null!;

    [SetUp]
    public void Listen()
    {
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory factory = _services.GetRequiredService<IMeterFactory>();
        _collector = new MetricCollector(factory);
        _meter = factory.Create("Chat.Test");
    }

    [TearDown]
    public async Task EndAsync()
    {
        _meter.Dispose();
        _collector.Dispose();
        await _services.DisposeAsync();
    }

    [Test]
    public void Counters_add_gauges_tell_the_last_and_names_carry_the_unit()
    {
        Counter<long> counter = _meter.CreateCounter<long>("things.done", "{thing}", "What was done.");
        counter.Add(2);
        counter.Add(3);
        _meter.CreateUpDownCounter<int>("open", "{thing}").Add(-4);
        _meter.CreateObservableGauge("waiting", () => 1.5, "s");
        _meter.CreateObservableCounter("sent", () => 7L, "By");

        List<MetricLine> lines = MetricLine.Read(_collector.Scrape());

        Assert.That(MetricLine.ValueOf(lines, "things_done_total"), Is.EqualTo(5));
        Assert.That(MetricLine.ValueOf(lines, "open"), Is.EqualTo(-4));
        Assert.That(MetricLine.ValueOf(lines, "waiting_seconds"), Is.EqualTo(1.5));
        Assert.That(MetricLine.ValueOf(lines, "sent_bytes_total"), Is.EqualTo(7));
    }

    [Test]
    public void A_histogram_counts_up_to_each_bound_and_its_end_is_the_whole()
    {
        Histogram<double> histogram = _meter.CreateHistogram<double>("took", "s");
        foreach (double value in new[] { 0.001, 0.0011, 0.3, 100 }) histogram.Record(value);

        List<MetricLine> lines = MetricLine.Read(_collector.Scrape());

        double Bucket(string le) => lines.Single(line => line.Name == "took_seconds_bucket" && line.Labels["le"] == le).Value;
        string[] bounds = ["0.0005", "0.001", "0.0025", "0.5", "30", "+Inf"];
        Assert.That(bounds.Select(Bucket), Is.EqualTo(new[] { 0, 1, 2, 3, 3, 4 }));
        Assert.That(MetricLine.ValueOf(lines, "took_seconds_count"), Is.EqualTo(4));
        Assert.That(MetricLine.ValueOf(lines, "took_seconds_sum"), Is.EqualTo(100.3021).Within(1e-9));
    }

    [Test]
    public void What_is_observed_no_more_is_told_no_more()
    {
        string[] names = ["a", "b"];
        _meter.CreateObservableGauge(
            "depth", () => names.Select(name => new Measurement<int>(1, new KeyValuePair<string, object?>("name", name))));
        _collector.Scrape();
        names = ["b"];

        IEnumerable<MetricLine> depth = MetricLine.Read(_collector.Scrape()).Where(line => line.Name == "depth");

        Assert.That(depth.Select(line => line.Labels["name"]), Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public void What_is_told_at_its_changes_alone_is_told_at_every_scrape()
    {
        Gauge<int> degraded = _meter.CreateGauge<int>("degraded");
        degraded.Record(0);
        degraded.Record(1);

        string[] scrapes = [_collector.Scrape(), _collector.Scrape()];

        Assert.That(scrapes.Select(text => MetricLine.ValueOf(MetricLine.Read(text), "degraded")), Is.EqualTo(new[] { 1, 1 }));
        Assert.That(scrapes[1], Does.Contain("# TYPE degraded gauge"));
    }

    [Test]
    public void Labels_that_somebody_chooses_do_not_fill_the_memory()
    {
        Counter<int> counter = _meter.CreateCounter<int>("chosen");
        for (int i = 0; i < 10 * MetricFamily.MaxSeries; i++)
            counter.Add(1, new KeyValuePair<string, object?>("who", $"somebody {i}"));
        counter.Add(1, new KeyValuePair<string, object?>("who", new string('x', 5_000)));

        Assert.That(MetricLine.Read(_collector.Scrape()).Count(line => line.Name == "chosen_total"), Is.EqualTo(MetricFamily.MaxSeries));
    }

    [Test]
    public void A_measurement_with_known_labels_allocates_nothing()
    {
        Counter<int> counter = _meter.CreateCounter<int>("hot");
        KeyValuePair<string, object?> tag = new("kind", "send");
        counter.Add(1, tag);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++) counter.Add(1, tag);

        Assert.That(
            GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000 * 40),
            "the cleaned name of the label may be made anew, no more");
    }

    [Test]
    public void Only_the_meters_of_this_host_and_those_of_the_process_are_kept()
    {
        using ServiceProvider other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using Meter shared = new("Chat.Shared");
        using Meter unknown = new("Somebody.Else");
        other.GetRequiredService<IMeterFactory>().Create("Chat.Other").CreateCounter<int>("of_another_host").Add(1);
        shared.CreateCounter<int>("of_the_process").Add(1);
        unknown.CreateCounter<int>("of_somebody").Add(1);

        string text = _collector.Scrape();

        Assert.That(text, Does.Contain("of_the_process_total 1").And.Not.Contain("of_another_host").And.Not.Contain("of_somebody"));
    }

    [Test]
    public void Hostile_labels_and_odd_numbers_are_read_back_as_they_were()
    {
        MakeOddities();

        List<MetricLine> lines = MetricLine.Read(_collector.Scrape());

        string expected = Hostile.Replace("🎉", "\uFFFD\uFFFD", StringComparison.Ordinal);
        Assert.That(lines.Single(line => line.Name == "odd_total").Labels["what_it_is"], Is.EqualTo(expected));
        Assert.That(lines.Where(line => line.Name == "number").Select(line => line.Value), Is.EquivalentTo(Numbers));
    }

    [Test]
    public async Task Prometheus_own_parser_reads_the_same(CancellationToken ct)
    {
        MakeOddities();
        _meter.CreateHistogram<double>("took", "s", "Two\nlines \\ of help").Record(0.2, new KeyValuePair<string, object?>("kind", "x"));
        string text = _collector.Scrape();

        string[]? theirs = await PrometheusParser.ReadAsync(text, ct);
        if (theirs is null)
            Assert.Ignore("python3-prometheus-client is not installed (apt-get): the format was not judged by an outsider.");

        IEnumerable<string> ours = MetricLine.Read(text)
            .Select(line => $"{line.Name} {line.LabelText} {PrometheusParser.Number(line.Value)}");
        Assert.That(theirs, Is.EquivalentTo(ours));
    }

    private void MakeOddities()
    {
        KeyValuePair<string, object?> hostile = new("what it is", Hostile), none = new("none", null);
        _meter.CreateCounter<int>("odd").Add(1, hostile, none);
        _meter.CreateObservableGauge(
            "number", () => Numbers.Select((value, i) => new Measurement<double>(value, new KeyValuePair<string, object?>("i", i))));
    }
}

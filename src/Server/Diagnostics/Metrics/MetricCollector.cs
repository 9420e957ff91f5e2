using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Chat.Server.Diagnostics.Metrics;

/// <summary>
/// Listens to the meters of this process and keeps what they measure for scrapes: <c>Chat.*</c>, Npgsql's, the runtime's and Kestrel's.
/// </summary>
/// <remarks>Thread-safe. Meters that belong to another host of the same process are left out.</remarks>
internal sealed class MetricCollector : IDisposable
{
    private static readonly string[] Meters = ["Npgsql", "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>Published by the runtime as counters that only grow, which they do not.</summary>
    private static readonly string[] Gauges = ["dotnet.thread_pool.thread.count", "dotnet.thread_pool.queue.length"];

    /// <summary>Seconds; milliseconds are a thousand times these.</summary>
    private static readonly double[] Times = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private static readonly double[] Sizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 10_000, 100_000, 1_000_000];

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _scrape = new();
    private readonly IMeterFactory _ours;

    public MetricCollector(IMeterFactory factory)
    {
        _ours = factory;
        _listener.InstrumentPublished = OnPublished;
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => Record(state, (double)value, tags));
        _listener.Start();
    }

    /// <summary>Asks what is observed and writes everything in the text format.</summary>
    public string Scrape()
    {
        lock (_scrape) // two at once would forget what the other has just observed
        {
            foreach (MetricFamily family in _families.Values)
            {
                if (family.Kind is MetricKind.Gauge or MetricKind.ObservedCounter) family.Forget();
            }

            _listener.RecordObservableInstruments();
            return MetricText.Write(_families.Values.OrderBy(static family => family.Name, StringComparer.Ordinal));
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((MetricFamily)family!).Record(value, tags);

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        Meter meter = instrument.Meter;
        bool isWanted = meter.Name.StartsWith("Chat.", StringComparison.Ordinal) || Meters.Contains(meter.Name);
        if (!isWanted || (meter.Scope is not null && !ReferenceEquals(meter.Scope, _ours))) return;

        MetricKind kind = KindOf(instrument);
        string name = MetricNames.Compose(instrument.Name, instrument.Unit, kind is MetricKind.Counter or MetricKind.ObservedCounter);
        MetricFamily family = _families.GetOrAdd(name, static (name, about) => new MetricFamily(name, about.Help, about.Kind, about.Bounds),
            (Help: instrument.Description ?? "", Kind: kind, Bounds: kind == MetricKind.Histogram ? BoundsOf(instrument) : []));
        if (family.Kind == kind) listener.EnableMeasurementEvents(instrument, family); // one name is of one kind: the first one wins
    }

    private static MetricKind KindOf(Instrument instrument)
    {
        if (Gauges.Contains(instrument.Name)) return MetricKind.Gauge;
        Type type = instrument.GetType().GetGenericTypeDefinition();
        return type == typeof(Counter<>) ? MetricKind.Counter
            : type == typeof(ObservableCounter<>) ? MetricKind.ObservedCounter
            : type == typeof(UpDownCounter<>) ? MetricKind.Balance
            : type == typeof(Histogram<>) ? MetricKind.Histogram
            : type == typeof(Gauge<>) ? MetricKind.ToldGauge
            : MetricKind.Gauge;
    }

    /// <summary>What the instrument advises, otherwise by its unit.</summary>
    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised.Select(static bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised.Select(static bound => (double)bound)],
        { Unit: "s" } => Times,
        { Unit: "ms" } => [.. Times.Select(static seconds => seconds * 1_000)],
        _ => Sizes,
    };
}

using System.Collections.Concurrent;

namespace Chat.Server.Diagnostics.Metrics;

/// <summary>
/// All series of one name. The number of series is bounded: labels that somebody outside can choose would fill the memory.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class MetricFamily(string name, string help, MetricKind kind, double[] bounds)
{
    /// <summary>Sets of labels that are told apart; measurements with further ones are not kept.</summary>
    public const int MaxSeries = 256;

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly MetricSeries _plain = new("", kind == MetricKind.Histogram ? bounds : []);
    private volatile bool _hasPlain;

    public string Name => name;

    public string Help => help;

    public MetricKind Kind => kind;

    /// <summary>Upper bounds of a histogram's buckets, ascending, without infinity.</summary>
    public double[] Bounds => bounds;

    /// <summary>Every series that was measured, those without labels first.</summary>
    public IEnumerable<MetricSeries> Series => (_hasPlain ? [_plain] : Enumerable.Empty<MetricSeries>()).Concat(_series.Values);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Find(tags) is not { } series) return;
        switch (kind)
        {
            case MetricKind.Histogram:
                series.Observe(value);
                break;
            case MetricKind.Counter or MetricKind.Balance:
                series.Add(value);
                break;
            default:
                series.Set(value);
                break;
        }
    }

    /// <summary>Forgets what was observed: what is not observed again is no more.</summary>
    public void Forget()
    {
        _hasPlain = false;
        _series.Clear();
    }

    private MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            _hasPlain = true;
            return _plain;
        }

        Span<char> labels = stackalloc char[MetricLabels.MaxChars];
        int length = MetricLabels.Write(tags, labels);
        if (length < 0) return null;
        if (_series.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(labels[..length], out MetricSeries? known)) return known;
        if (_series.Count >= MaxSeries) return null;
        double[] limits = kind == MetricKind.Histogram ? bounds : [];
        return _series.GetOrAdd(new string(labels[..length]), static (text, limits) => new MetricSeries(text, limits), limits);
    }
}

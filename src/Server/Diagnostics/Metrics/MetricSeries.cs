namespace Chat.Server.Diagnostics.Metrics;

/// <summary>The values of one set of labels. Thread-safe; nothing is allocated for a measurement.</summary>
internal sealed class MetricSeries(string labels, double[] bounds)
{
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private double _value;

    /// <summary>As they stand between the braces, escaped; empty for none.</summary>
    public string Labels => labels;

    /// <summary>The value, or the sum of a histogram.</summary>
    public double Value => Volatile.Read(ref _value);

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        double seen = Volatile.Read(ref _value);
        while (true)
        {
            double before = Interlocked.CompareExchange(ref _value, seen + value, seen);
            if (before.Equals(seen)) return; // Equals, not ==: a NaN must not turn for ever
            seen = before;
        }
    }

    /// <summary>Counts a measurement in the first bucket whose bound is not below it.</summary>
    public void Observe(double value)
    {
        int at = Array.BinarySearch(bounds, value);
        Interlocked.Increment(ref _buckets[at >= 0 ? at : ~at]);
        Add(value);
    }

    /// <summary>How many measurements each bucket has alone, the last one those above all bounds.</summary>
    public long CountIn(int bucket) => Volatile.Read(ref _buckets[bucket]);
}

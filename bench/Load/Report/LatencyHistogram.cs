using System.Numerics;

namespace Chat.Load.Report;

/// <summary>
/// Counts latencies in buckets of 1/64 of their size: 1 µs to over an hour at 1.6 % precision, without allocating. Not thread-safe; each
/// writer has its own, and they are added up.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int Steps = 64; // buckets a power of two
    private const int Powers = 28;

    private readonly long[] _counts = new long[Steps * (Powers + 2)];
    private long _max;

    public long Count { get; private set; }

    public void Record(TimeSpan latency)
    {
        long us = Math.Max(0, latency.Ticks / TimeSpan.TicksPerMicrosecond);
        _counts[Bucket(us)]++;
        _max = Math.Max(_max, us);
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        _max = Math.Max(_max, other._max);
        Count += other.Count;
    }

    /// <summary>The latency that the given part of all stayed below, in milliseconds; 0 when there is none.</summary>
    public double Milliseconds(double part)
    {
        if (Count == 0) return 0;

        long wanted = (long)Math.Ceiling(Count * part);
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted) return Math.Min(UpperBound(i), _max) / 1_000.0;
        }

        return _max / 1_000.0;
    }

    // Below 128 µs a bucket is 1 µs wide; above, the value shifted into 64 … 127 is its place within its power.
    private static int Bucket(long us)
    {
        int power = Math.Clamp(BitOperations.Log2((ulong)us) - BitOperations.Log2(Steps), 0, Powers);
        return (power * Steps) + (int)Math.Min(us >> power, (2 * Steps) - 1);
    }

    private static long UpperBound(int bucket)
    {
        int power = Math.Max(0, (bucket / Steps) - 1);
        return ((bucket - (power * Steps) + 1L) << power) - 1;
    }
}

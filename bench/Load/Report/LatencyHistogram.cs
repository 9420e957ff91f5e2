using System.Numerics;

namespace Chat.Load.Report;

/// <summary>
/// Counts latencies in buckets of 1/64 of their size: 1 µs to over an hour at 1.6 % precision, without allocating. Not thread-safe.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int Steps = 64; // buckets a power of two
    private const int StepsLog = 6;
    private const int Powers = 28;

    private readonly long[] _counts = new long[Steps * (Powers + 2)];
    private long _max;

    public long Count { get; private set; }

    public void Record(TimeSpan latency) => Record(latency.Ticks * TimeSpan.NanosecondsPerTick);

    /// <param name="nanoseconds">Below zero counts as zero.</param>
    public void Record(long nanoseconds)
    {
        long us = Math.Max(0, nanoseconds) / 1_000;
        _counts[Bucket(us)]++;
        if (us > _max) _max = us;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        if (other.Count == 0) return;

        for (int i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        _max = Math.Max(_max, other._max);
        Count += other.Count;
    }

    /// <summary>Everything it holds, for another process: the longest latency in microseconds, then the counts.</summary>
    public long[] ToCounts() => [_max, .. _counts];

    /// <summary>Adds what <see cref="ToCounts"/> of another one gave.</summary>
    public void Add(long[] counts)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += counts[i + 1];
            Count += counts[i + 1];
        }

        _max = Math.Max(_max, counts[0]);
    }

    public void Clear()
    {
        if (Count == 0) return;

        Array.Clear(_counts);
        _max = 0;
        Count = 0;
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

    /// <summary>The parts of all that stayed below each of these latencies, for a drawn distribution.</summary>
    public IReadOnlyList<LatencyShare> Distribution()
    {
        List<LatencyShare> shares = [];
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] == 0) continue;

            seen += _counts[i];
            shares.Add(new LatencyShare(Math.Min(UpperBound(i), _max) / 1_000.0, seen / (double)Count));
        }

        return shares;
    }

    // Below 128 µs a bucket is 1 µs wide; above, the value shifted into 64 … 127 is its place within its power.
    private static int Bucket(long us)
    {
        int power = Math.Clamp(BitOperations.Log2((ulong)us) - StepsLog, 0, Powers);
        return (power * Steps) + (int)Math.Min(us >> power, (2 * Steps) - 1);
    }

    private static long UpperBound(int bucket)
    {
        int power = Math.Max(0, (bucket / Steps) - 1);
        return ((bucket - (power * Steps) + 1L) << power) - 1;
    }
}

/// <summary>A part of all, 0 to 1, that took at most this long.</summary>
internal readonly record struct LatencyShare(double Milliseconds, double Share);

using System.Diagnostics;

namespace Chat.Chaos.History;

/// <summary>The machine's monotonic clock, the same for all processes on it.</summary>
public static class HistoryClock
{
    private static readonly long NanosecondsPerTick = 1_000_000_000 / Stopwatch.Frequency;

    /// <summary>Nanoseconds since the machine started.</summary>
    public static long Now() => Stopwatch.GetTimestamp() * NanosecondsPerTick;
}

using System.Diagnostics;

namespace Chat.Load.Engine;

/// <summary>The monotonic clock in nanoseconds: what <see cref="Stopwatch"/> counts in on Linux, without its divisions.</summary>
internal static class Clock
{
    public const long Second = 1_000_000_000;

    public static long Now => Stopwatch.GetTimestamp();

    public static long Nanoseconds(TimeSpan time) => time.Ticks * 100;

    public static double Seconds(long nanoseconds) => nanoseconds / (double)Second;
}

using System.Diagnostics;

namespace Chat.Chaos.Workload;

/// <summary>Waits for what the cluster under test comes to by itself: there is nothing to be told by, so it is looked at again and again.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until something holds.</summary>
    /// <returns>How long that took; null when it did not within the bound.</returns>
    public static async Task<TimeSpan?> UntilAsync(Func<ValueTask<bool>> holds, TimeSpan bound, CancellationToken ct)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(began) > bound) return null;
            await Task.Delay(Poll, TimeProvider.System, ct);
        }

        return Stopwatch.GetElapsedTime(began);
    }
}

namespace Chat.Storage.ChatLog;

/// <summary>
/// How long what goes through a loop waited lately, for who would give way to it. A moving average, which the loop writes and anyone reads.
/// </summary>
internal sealed class RecentWaits(TimeProvider time)
{
    /// <summary>Without anything new for this long, nothing waits.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(1);

    private const int Weight = 8;

    private long _average;
    private long _addedAt;

    public TimeSpan Average =>
        Volatile.Read(ref _addedAt) is not 0 and long addedAt && time.GetElapsedTime(addedAt) < Lately
            ? new TimeSpan(Volatile.Read(ref _average))
            : TimeSpan.Zero;

    public void Add(TimeSpan waited)
    {
        long average = Average.Ticks; // from zero after a pause
        Volatile.Write(ref _average, average + ((waited.Ticks - average) / Weight));
        Volatile.Write(ref _addedAt, Math.Max(1, time.GetTimestamp()));
    }
}

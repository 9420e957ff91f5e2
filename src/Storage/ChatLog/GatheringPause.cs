namespace Chat.Storage.ChatLog;

/// <summary>
/// Decides how long a small batch waits for company before it is stored (ADR 0028). On an idle machine a commit takes what the disk takes,
/// and nothing waits. Where commits take longer than that, processors are short: each small batch then costs a transaction, a publication and
/// a wake-up on every node, and waiting a little makes one of several. The pause is what commits take too long, so it ends by itself when the
/// load does. A guess about speed, never about correctness. The loop only.
/// </summary>
internal sealed class GatheringPause
{
    /// <summary>The longest pause: what a message may wait for company.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(10);

    /// <summary>A batch of this many events is company enough.</summary>
    internal const int EnoughEvents = 8;

    /// <summary>Up to so many times the shortest commit is chance, not load.</summary>
    private const int Unhindered = 2;

    /// <summary>The shortest commit is that of this long, at least: a slower disk is told from a short peak of load.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    /// <summary>Below this a timer would be late by as much.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private double _lately;
    private double _shortest = double.MaxValue, _shortestBefore = double.MaxValue;
    private long _windowFrom;

    /// <summary>How long the next batch is to wait.</summary>
    /// <param name="waiting">Events that wait for it already.</param>
    public TimeSpan Next(int waiting)
    {
        if (waiting >= EnoughEvents) return TimeSpan.Zero;
        double tooLong = _lately - (Unhindered * Math.Min(_shortest, _shortestBefore));
        return tooLong < Shortest.Ticks ? TimeSpan.Zero : tooLong < Longest.Ticks ? new TimeSpan((long)tooLong) : Longest;
    }

    /// <summary>A batch is stored, and its waiters were told.</summary>
    /// <param name="after">From its first statement on.</param>
    /// <param name="events">
    /// A large batch takes longer for what is in it, so it tells of no load. One that took less than small ones did tells that the load is over, and
    /// must: a pause makes batches large.
    /// </param>
    /// <param name="time">Tells the windows apart.</param>
    public void Took(TimeSpan after, int events, TimeProvider time)
    {
        if (events >= EnoughEvents && after.Ticks >= _lately) return;
        if (time.GetElapsedTime(_windowFrom) > Window)
            (_shortestBefore, _shortest, _windowFrom) = (_shortest, double.MaxValue, time.GetTimestamp());
        _shortest = Math.Min(_shortest, after.Ticks);
        _lately += (after.Ticks - _lately) / 8;
    }
}

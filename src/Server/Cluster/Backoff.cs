namespace Chat.Server.Cluster;

/// <summary>
/// How long Redis is left alone after each loss: almost not at all after a link that lasted, up to twice as long each time otherwise. A
/// Redis that flaps takes every connection and drops it soon, so a connection alone proves nothing. One caller at a time.
/// </summary>
internal sealed class Backoff
{
    /// <summary>A link that was healthy for this long lasted: twice the longest pause.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromSeconds(3);

    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// What a node commits meanwhile, the others learn when it is back and announces its heads, within 2 s (promise P15): their own polling
    /// begins only when a node was silent for longer.
    /// </summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1.5);

    private int _losses;

    /// <summary>The longest that may be waited before the next attempt; the caller draws a part of it.</summary>
    /// <param name="healthyFor">How long what was lost had been healthy; zero for an attempt that failed.</param>
    public TimeSpan Next(TimeSpan healthyFor)
    {
        if (healthyFor >= Lasting) _losses = 0;
        return TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(_losses++, 10)));
    }
}

namespace Chat.Server.Outbound;

/// <summary>
/// How soon a connection is sent to again (ADR 0038). As a rule at once. Where messages wait long for their commit and the processors are busy,
/// these are short, and a send for every push and every reply is what costs most: then a connection that was sent to rests, and what comes for it meanwhile
/// leaves in one send. A guess about speed, never about correctness. Thread-safe.
/// </summary>
public sealed class OutboundPace
{
    /// <summary>Connections rest from such waits on, and until they are shorter than <see cref="ShortWait"/>: resting shortens them.</summary>
    internal static readonly TimeSpan LongWait = TimeSpan.FromMilliseconds(10);

    internal static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(5);

    /// <summary>As long as the messages wait, but no longer than this.</summary>
    internal static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(40);

    /// <summary>Waits tell of processors while less of them is idle than this: a database that is slow makes long waits, too.</summary>
    internal const double BusyIdle = 0.25;

    /// <summary>Who rests goes on until more is idle than this: resting leaves more idle.</summary>
    internal const double RestingIdle = 0.5;

    private long _rest;

    /// <summary>How long after a send the next one comes; zero for at once.</summary>
    public TimeSpan Rest => new(Volatile.Read(ref _rest));

    /// <summary>Called several times a second by one caller.</summary>
    /// <param name="recentWait">How long messages waited lately for their commit.</param>
    /// <param name="idle">Share of the processors that was idle lately; null where it is not known: then waits alone decide.</param>
    public void Follow(TimeSpan recentWait, double? idle)
    {
        bool rests = Rest > TimeSpan.Zero;
        bool isShort = recentWait >= (rests ? ShortWait : LongWait) && !(idle >= (rests ? RestingIdle : BusyIdle));
        Volatile.Write(ref _rest, !isShort ? 0 : recentWait < LongestRest ? recentWait.Ticks : LongestRest.Ticks);
    }
}

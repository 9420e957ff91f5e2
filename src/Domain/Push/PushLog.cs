using Microsoft.Extensions.Logging;

namespace Chat.Domain.Push;

internal static partial class PushLog
{
    [LoggerMessage(
        EventId = EventIds.PushRefused,
        Level = LogLevel.Warning,
        Message = "A push service refused a notification ({Reason}); told once an hour. With 401 or 403 look at Push:Subject, and whether the VAPID key changed since devices subscribed; with 400 at the server's clock")]
    public static partial void Refused(ILogger logger, string reason);

    [LoggerMessage(EventId = EventIds.PushRemoved, Level = LogLevel.Information, Message = "A subscription was deleted that was refused {Times} times in a row ({Reason})")]
    public static partial void Removed(ILogger logger, int times, string reason);

    [LoggerMessage(EventId = EventIds.PushKeyUnusable, Level = LogLevel.Error, Message = "Nothing can be pushed to browsers; told once an hour")]
    public static partial void KeyUnusable(ILogger logger, Exception fault);

    [LoggerMessage(EventId = EventIds.PushFailed, Level = LogLevel.Error, Message = "A notification was lost to a fault of this server")]
    public static partial void Failed(ILogger logger, Exception fault);
}

/// <summary>Says once an hour what goes wrong with every notification. Thread-safe.</summary>
internal sealed class RefusalLog(TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private long _refusedAt;
    private long _keyAt;

    /// <param name="isLast">The subscription was deleted by it.</param>
    public void Note(string reason, bool isLast)
    {
        if (isLast) PushLog.Removed(log, Storage.Push.PushStore.MaxFaults, reason);
        if (IsDue(ref _refusedAt)) PushLog.Refused(log, reason);
    }

    public void NoteKey(PushKeyException fault)
    {
        if (IsDue(ref _keyAt)) PushLog.KeyUnusable(log, fault);
    }

    private bool IsDue(ref long toldAt)
    {
        long last = Volatile.Read(ref toldAt);
        return (last == 0 || time.GetElapsedTime(last) >= Pause) && Interlocked.CompareExchange(ref toldAt, time.GetTimestamp(), last) == last;
    }
}

using Microsoft.Extensions.Logging;

namespace Chat.Domain.Presence;

internal static partial class PresenceLog
{
    [LoggerMessage(
        EventId = EventIds.LastSeenNotSaved,
        Level = LogLevel.Warning,
        Message = "Last-seen times could not be stored; they wait for the next attempt")]
    public static partial void SaveFailed(ILogger logger, Exception exception);

    /// <summary>Once for each outage.</summary>
    [LoggerMessage(
        EventId = EventIds.PresenceListNotWritten,
        Level = LogLevel.Warning,
        Message = "Who is online here cannot be told to other nodes; it is tried again every second")]
    public static partial void ListNotWritten(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = EventIds.PresenceListNotRead,
        Level = LogLevel.Warning,
        Message = "Who is online on other nodes cannot be read; what was known stays, and it is tried again within 5 s")]
    public static partial void ListNotRead(ILogger logger, Exception exception);

    [LoggerMessage(EventId = EventIds.PresenceNodeGone, Level = LogLevel.Information, Message = "Node {Node} is gone; those who were only there are offline")]
    public static partial void NodeGone(ILogger logger, string node);

    [LoggerMessage(
        EventId = EventIds.PresenceLoopFailed,
        Level = LogLevel.Error,
        Message = "Presence between nodes failed through a fault of the server; it begins anew")]
    public static partial void LoopFailed(ILogger logger, Exception exception);
}

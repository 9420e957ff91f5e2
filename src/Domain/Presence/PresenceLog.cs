using Microsoft.Extensions.Logging;

namespace Chat.Domain.Presence;

internal static partial class PresenceLog
{
    [LoggerMessage(
        EventId = EventIds.LastSeenNotSaved,
        Level = LogLevel.Warning,
        Message = "Last-seen times could not be stored; they wait for the next attempt")]
    public static partial void SaveFailed(ILogger logger, Exception exception);
}

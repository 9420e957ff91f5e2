using Microsoft.Extensions.Logging;

namespace Chat.Domain.Notifications;

internal static partial class NotificationLog
{
    [LoggerMessage(EventId = EventIds.DeliveryRetried, Level = LogLevel.Warning, Message = "{What} could not be sent and is tried again")]
    public static partial void WillTryAgain(ILogger logger, string what, Exception fault);

    [LoggerMessage(EventId = EventIds.DeliveryGivenUp, Level = LogLevel.Error, Message = "{What} could not be sent and is given up")]
    public static partial void GivenUp(ILogger logger, string what, Exception fault);
}

using Chat.Server.Diagnostics;

namespace Chat.Server.Outbound;

internal static partial class OutboundLog
{
    [LoggerMessage(EventId = EventIds.DrainFailed, Level = LogLevel.Error, Message = "Sending to a connection failed through a fault of the server; the connection is cut")]
    public static partial void DrainFailed(ILogger log, Exception fault);
}

using Chat.Protocol.Codes;
using Chat.Server.Diagnostics;

namespace Chat.Server.Dispatch;

internal static partial class DispatchLog
{
    [LoggerMessage(EventId = EventIds.RequestFailed, Level = LogLevel.Error, Message = "Session {SessionId}: {FrameType} failed through a fault of the server")]
    public static partial void Failed(ILogger log, Exception fault, long sessionId, FrameType frameType);

    [LoggerMessage(EventId = EventIds.RequestUnavailable, Level = LogLevel.Warning, Message = "Session {SessionId}: {FrameType} was not answered by the database")]
    public static partial void Unavailable(ILogger log, Exception fault, long sessionId, FrameType frameType);
}

using Microsoft.Extensions.Logging;

namespace Chat.AdminApi.Rest;

/// <summary>What the boundary writes to the log; the caller gets only the request id.</summary>
internal static partial class BoundaryLog
{
    [LoggerMessage(EventId = RestEventIds.Unhandled, Level = LogLevel.Error, Message = "{Method} {Route} failed, request {RequestId}")]
    public static partial void Unhandled(ILogger logger, string method, string route, string requestId, Exception exception);

    [LoggerMessage(EventId = RestEventIds.Unavailable, Level = LogLevel.Warning,
        Message = "{Method} {Route} could not reach storage, request {RequestId}")]
    public static partial void Unavailable(ILogger logger, string method, string route, string requestId, Exception exception);

    [LoggerMessage(EventId = RestEventIds.ReadyCheckFailed, Level = LogLevel.Warning, Message = "Readiness check {Check} failed: {Fault}")]
    public static partial void ReadyCheckFailed(ILogger logger, string check, string fault, Exception? exception);
}

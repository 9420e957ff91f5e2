using Chat.Server.Diagnostics;

namespace Chat.Server.Hosting;

internal static partial class HostLog
{
    [LoggerMessage(EventId = EventIds.Started, Level = LogLevel.Information, Message = "The server listens on {Url}")]
    public static partial void Started(ILogger log, string url);

    [LoggerMessage(EventId = EventIds.DatabaseEnded, Level = LogLevel.Critical, Message = "The managed PostgreSQL ended by itself; the server stops. Its log is in the data directory, and what was acked is there at the next start")]
    public static partial void DatabaseEnded(ILogger log);

    [LoggerMessage(EventId = EventIds.StopHurried, Level = LogLevel.Warning,
        Message = "Asked to stop a second time: who is still connected is cut. What was acked is stored")]
    public static partial void StopHurried(ILogger log);
}

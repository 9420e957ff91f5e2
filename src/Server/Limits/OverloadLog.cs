using Chat.Server.Diagnostics;

namespace Chat.Server.Limits;

internal static partial class OverloadLog
{
    [LoggerMessage(EventId = EventIds.ShortOfMemory, Level = LogLevel.Warning,
        Message = "{Share:P0} of the memory that this process may have is in use: new work is refused until there is less")]
    public static partial void ShortOfMemory(ILogger log, double share);

    [LoggerMessage(EventId = EventIds.MemoryAgain, Level = LogLevel.Information,
        Message = "{Share:P0} of the memory is in use: new work is taken again")]
    public static partial void MemoryAgain(ILogger log, double share);

    [LoggerMessage(EventId = EventIds.OverloadWatchFailed, Level = LogLevel.Error,
        Message = "Looking at the node's load failed through a fault of the server; it goes on with the next round")]
    public static partial void WatchFailed(ILogger log, Exception fault);

    [LoggerMessage(EventId = EventIds.NoPulse, Level = LogLevel.Debug,
        Message = "PostgreSQL gave no answer to a question that waits for no lock")]
    public static partial void NoPulse(ILogger log, Exception fault);
}

using Chat.Server.Diagnostics;

namespace Chat.Server.Hosting;

internal static partial class HostLog
{
    [LoggerMessage(EventId = EventIds.Started, Level = LogLevel.Information, Message = "The server listens on {Url}")]
    public static partial void Started(ILogger log, string url);

    [LoggerMessage(EventId = EventIds.DatabaseEnded, Level = LogLevel.Critical, Message = "The managed PostgreSQL ended by itself; the server stops. Its log is in the data directory, and what was acked is there at the next start")]
    public static partial void DatabaseEnded(ILogger log);

    [LoggerMessage(EventId = EventIds.WaitsForDatabase, Level = LogLevel.Warning,
        Message = "Waiting for PostgreSQL at {Database}, {Seconds} s so far: {Reason}. The start goes on by itself as soon as it answers; /health/ready says so")]
    public static partial void WaitsForDatabase(ILogger log, string database, string reason, long seconds);

    [LoggerMessage(EventId = EventIds.DatabaseAppeared, Level = LogLevel.Warning, Message = "PostgreSQL answers after {Seconds} s; the start goes on")]
    public static partial void DatabaseAppeared(ILogger log, long seconds);

    [LoggerMessage(EventId = EventIds.NewerSchema, Level = LogLevel.Warning,
        Message = "The database's schema has version {Version}, this program was made for {ProgramVersion}; the schema allows it. Upgrade this node when the others are done")]
    public static partial void NewerSchema(ILogger log, int version, int programVersion);

    [LoggerMessage(EventId = EventIds.StopHurried, Level = LogLevel.Warning,
        Message = "Asked to stop a second time: who is still connected is cut. What was acked is stored")]
    public static partial void StopHurried(ILogger log);
}

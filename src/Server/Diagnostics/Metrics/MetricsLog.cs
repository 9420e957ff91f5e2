namespace Chat.Server.Diagnostics.Metrics;

internal static partial class MetricsLog
{
    [LoggerMessage(EventId = EventIds.MetricsListening, Level = LogLevel.Information, Message = "Metrics are served at {Url}")]
    public static partial void Listening(ILogger log, Uri url);

    [LoggerMessage(EventId = EventIds.PoolLate, Level = LogLevel.Warning,
        Message = "Work waited {Delay} for a thread of the pool: something blocks its threads, or the processors are overloaded")]
    public static partial void PoolLate(ILogger log, TimeSpan delay);
}

using Chat.Server.Diagnostics;

namespace Chat.Server.Cluster;

internal static partial class BrokerLog
{
    /// <summary>Once for each outage.</summary>
    [LoggerMessage(
        EventId = EventIds.BrokerDegraded,
        Level = LogLevel.Warning,
        Message = "Redis at {Servers} cannot be used: {Reason}. This node goes on without it: messages of other nodes come through "
            + "PostgreSQL, up to 2 s later, and presence of other nodes stays as it was. It tries again by itself")]
    public static partial void Degraded(ILogger log, string servers, string reason);

    [LoggerMessage(EventId = EventIds.BrokerAttemptFailed, Level = LogLevel.Debug,
        Message = "Redis at {Servers} still cannot be used: {Reason}")]
    public static partial void AttemptFailed(ILogger log, string servers, string reason);

    /// <summary>A warning too, so that whoever was shown the outage is shown its end.</summary>
    [LoggerMessage(EventId = EventIds.BrokerRecovered, Level = LogLevel.Warning,
        Message = "Redis at {Servers} can be used again, after {Outage}")]
    public static partial void Recovered(ILogger log, string servers, TimeSpan outage);

    [LoggerMessage(EventId = EventIds.BrokerConnected, Level = LogLevel.Information,
        Message = "Redis at {Servers} joins this node with others")]
    public static partial void Connected(ILogger log, string servers);

    [LoggerMessage(EventId = EventIds.BrokerReceiverFailed, Level = LogLevel.Error,
        Message = "A publication of {Topic} was not taken through a fault of the server")]
    public static partial void ReceiverFailed(ILogger log, Exception fault, Chat.Domain.Cluster.BrokerTopic topic);

    [LoggerMessage(EventId = EventIds.BrokerFailed, Level = LogLevel.Error,
        Message = "The connection to Redis failed through a fault of the server; it is opened anew")]
    public static partial void Failed(ILogger log, Exception fault);
}

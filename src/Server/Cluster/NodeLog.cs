using Chat.Server.Diagnostics;

namespace Chat.Server.Cluster;

internal static partial class NodeLog
{
    [LoggerMessage(EventId = EventIds.NodeNamed, Level = LogLevel.Information,
        Message = "This node is {NodeId}, incarnation {Incarnation}, at {Address}")]
    public static partial void Named(ILogger log, string nodeId, long incarnation, string address);

    [LoggerMessage(EventId = EventIds.NodeConnectionLost, Level = LogLevel.Warning,
        Message = "The connection that holds the name {NodeId} is lost; the name is taken again as soon as PostgreSQL answers")]
    public static partial void ConnectionLost(ILogger log, Exception fault, string nodeId);

    [LoggerMessage(EventId = EventIds.NodeNamedAgain, Level = LogLevel.Information, Message = "The name {NodeId} is held again")]
    public static partial void NamedAgain(ILogger log, string nodeId);

    [LoggerMessage(EventId = EventIds.NodeSuperseded, Level = LogLevel.Critical,
        Message = "Another process took the name {NodeId} while this one had lost its connection; this one drains and ends. {Explanation}")]
    public static partial void Superseded(ILogger log, string nodeId, string explanation);

    [LoggerMessage(EventId = EventIds.NodeEndNotNoted, Level = LogLevel.Information,
        Message = "The end of node {NodeId} could not be noted in the database; it will show as silent")]
    public static partial void EndNotNoted(ILogger log, Exception fault, string nodeId);
}

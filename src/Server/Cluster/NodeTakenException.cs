using System.Globalization;
using Chat.Storage.Nodes;

namespace Chat.Server.Cluster;

/// <summary>Another process holds this node's name; the message says who, since when and what to do.</summary>
internal sealed class NodeTakenException(string nodeId, NodeHolder holder) : Exception(Explain(nodeId, holder))
{
    private static string Explain(string nodeId, NodeHolder holder)
    {
        string who = holder.Entry is { } entry ? $"a node that listens on {entry.Address}" : "a process that is starting";
        DateTimeOffset? since = holder.Entry?.StartedAt ?? holder.ConnectedAt;
        string when = since is { } at ? string.Create(CultureInfo.InvariantCulture, $", since {at:yyyy-MM-dd HH:mm:ss} UTC") : "";
        string from = holder.ClientAddress is { } address ? $", connected from {address}" : "";
        return $"Cluster:NodeId is '{nodeId}', and {who} has that name already{when}{from}. "
            + "Give each node a name of its own (or none), or stop the other. "
            + $"If its machine is gone and PostgreSQL has not noticed, end its session with pg_terminate_backend({holder.ProcessId}).";
    }
}

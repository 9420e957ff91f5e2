using Chat.Chaos.Cluster;

namespace Chat.Chaos.Faults;

/// <summary>What nodes wrote to their logs, counted.</summary>
internal static class NodeLog
{
    /// <summary>Batches whose commit was in doubt: the chat log says so once for each.</summary>
    public static int CountAmbiguousBatches(ChaosCluster cluster) => Count(cluster, "events failed (Unknown)");

    /// <summary>Lines of all nodes that contain a text.</summary>
    public static int Count(ChaosCluster cluster, string text) =>
        cluster.Nodes.Sum(
            node => File.Exists(node.LogFile)
                ? File.ReadLines(node.LogFile).Count(line => line.Contains(text, StringComparison.Ordinal))
                : 0);
}

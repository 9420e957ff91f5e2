using Chat.Server.Hosting;
using Chat.Storage.Jobs;
using Chat.Storage.Nodes;
using Npgsql;

namespace Chat.Server.Cli.Doctor;

/// <summary>What the doctor finds about the nodes that share a database.</summary>
internal static class NodeChecks
{
    public static async Task<List<Finding>> RunAsync(NpgsqlDataSource source, Settings settings, CancellationToken ct)
    {
        await using NpgsqlCommand exists = source.CreateCommand(
            "select to_regclass('nodes') is not null and to_regclass('jobs') is not null");
        if (!(bool)(await exists.ExecuteScalarAsync(ct))!) return []; // an older schema; that has its own line
        return [Judge(await new NodeStore(source).ListAsync(ct), settings.Cluster.NodeId), Judge(await new JobStore(source).ListAsync(ct))];
    }

    private static Finding Judge(IReadOnlyList<NodeRow> nodes, string nodeId)
    {
        NodeRow[] running = [.. nodes.Where(node => node.IsRunning)];
        string[] silent = [.. nodes.Where(node => node.EndedAt is null && !node.IsRunning).Select(node => node.Id)];
        string found = running.Length == 0 ? "none runs" : $"{string.Join(", ", running.Select(node => node.Id))} running";
        if (running.FirstOrDefault(node => node.Id == nodeId) is { } taken)
            return new(
                "nodes", Verdict.Warning, $"{found}; Cluster:NodeId '{nodeId}' is in use at {taken.Address}",
                "If that is this node, all is well; otherwise give this one another name.");
        return silent.Length == 0
            ? new("nodes", Verdict.Good, found)
            : new(
                "nodes", Verdict.Warning, $"{found}; silent: {string.Join(", ", silent)}",
                "Killed, or cut off from PostgreSQL: ./chat nodes shows since when. They go from the list after a day.");
    }

    private static Finding Judge(IReadOnlyList<JobRow> jobs)
    {
        string[] failed =
        [
            .. jobs.Where(job => job.LastOutcome?.StartsWith("failed", StringComparison.Ordinal) == true)
                .Select(job => $"{job.Name} {job.LastOutcome}"),
        ];
        return failed.Length == 0
            ? new("jobs", Verdict.Good, jobs.Count == 0 ? "none has run yet" : $"{jobs.Count} known, none failed last")
            : new("jobs", Verdict.Warning, string.Join("; ", failed), "They are tried again every minute; the node's log has the reason.");
    }
}

using Chat.Storage.Nodes;

namespace Chat.Server.Jobs;

/// <summary>Takes nodes out of the registry that ended, or fell silent, a day ago. Nodes with random names would fill it.</summary>
internal sealed class EndedNodesJob(NodeStore nodes) : IJob
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(1);

    public string Name => "ended_nodes";

    public TimeSpan Interval => TimeSpan.FromHours(1);

    public async Task<string> RunAsync(CancellationToken ct) => $"{await nodes.PruneAsync(Age, ct)} nodes taken out";
}

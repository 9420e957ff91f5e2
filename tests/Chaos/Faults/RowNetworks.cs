using Chat.Chaos.Cluster;

namespace Chat.Chaos.Faults;

/// <summary>Whether rows can have network namespaces, or make do with proxies.</summary>
internal static class RowNetworks
{
    /// <summary>When not, the run says what is done instead.</summary>
    public static async Task<bool> AreTheyHereAsync(RowRun run, CancellationToken ct)
    {
        if (await NodeNetwork.FindObstacleAsync(ct) is not { } obstacle) return true;
        run.Note($"{obstacle}: done by proxies instead of the kernel");
        return false;
    }
}

using Chat.Load.Processes;
using Chat.Load.Report;
using Chat.Load.Traffic;

namespace Chat.Load.Scenarios;

/// <summary>The same simulation without slow readers, beside them, and without them again.</summary>
/// <param name="Ended">Slow readers that the server ended meanwhile.</param>
internal sealed record SlowComparison(LoadResult Before, LoadResult Beside, LoadResult After, int Ended)
{
    public IReadOnlyList<LoadResult> Results => [Before, Beside, After];

    /// <summary>The p99 of a delivery to those who read, beside slow readers ÷ the mean of without them.</summary>
    public double LatencyRatio => Beside.DeliveryP99Ms / Math.Max(0.001, (Before.DeliveryP99Ms + After.DeliveryP99Ms) / 2);

    /// <summary>Memory of the server beside slow readers more than before them.</summary>
    public double? GrownMegabytes => Beside.ServerMegabytes - Before.ServerMegabytes;
}

/// <summary>What do members of a chat who do not read cost the others (promise P11)?</summary>
internal sealed class SlowScenario(LoadSimulation simulation, int readers, IReadOnlyList<string> settings, TextWriter progress)
{
    /// <summary>All faults, each with option, value and remedy.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (string fault in simulation.Validate()) yield return fault;
        if (readers < 1 || readers > simulation.Connections)
            yield return $"--readers is {readers}: give 1 to {simulation.Connections}, one for each member.";
    }

    public async Task<SlowComparison> RunAsync(CancellationToken ct)
    {
        await progress.WriteLineAsync("starting a server and its database");
        await using ChatServer server = await ChatServer.StartAsync(settings, ct);
        ChatScenario scenario = new(server.Target, simulation, progress);
        LoadResult before = await scenario.RunMessagesAsync("slow-before", ct);
        (LoadResult beside, int ended) = await scenario.RunBesideSlowReadersAsync($"slow-{readers}", readers, ct);
        return new SlowComparison(before, beside, await scenario.RunMessagesAsync("slow-after", ct), ended);
    }
}

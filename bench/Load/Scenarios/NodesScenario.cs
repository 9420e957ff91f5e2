using Chat.Load.Processes;
using Chat.Load.Report;
using Chat.Load.Traffic;

namespace Chat.Load.Scenarios;

/// <summary>What one node and several did with the same simulations, one right after the other.</summary>
internal sealed record NodesRound(LoadResult OneClosed, LoadResult OneOpen, LoadResult ManyClosed, LoadResult ManyOpen)
{
    public IReadOnlyList<LoadResult> Results => [OneClosed, OneOpen, ManyClosed, ManyOpen];

    /// <summary>Acked messages a second of several nodes ÷ one node's.</summary>
    public double ThroughputRatio => ManyClosed.AckedPerSecond / Math.Max(1, OneClosed.AckedPerSecond);

    /// <summary>The p99 of a delivery over several nodes ÷ one node's, at the same rate.</summary>
    public double LatencyRatio => ManyOpen.DeliveryP99Ms / Math.Max(0.001, OneOpen.DeliveryP99Ms);
}

/// <summary>
/// Several rounds, and what lies in their middle: who else works on the machine comes and goes within the minute of a round, and both halves of a
/// ratio have to be measured under the same.
/// </summary>
internal sealed record NodesComparison(IReadOnlyList<NodesRound> Rounds)
{
    public double ThroughputRatio => Median(Rounds.Select(round => round.ThroughputRatio));

    public double LatencyRatio => Median(Rounds.Select(round => round.LatencyRatio));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>
/// 100 chats of 10 members whose connections are spread over one node, then over several, each alone on the machine while it is measured.
/// </summary>
internal sealed class NodesScenario(
    int nodes, int rounds, TimeSpan duration, double rate, IReadOnlyList<string> settings, TextWriter progress)
{
    public const int Connections = Chats * Members;

    private const int Chats = 100;
    private const int Members = 10;
    private const int Window = 2_000; // enough that neither one node nor several could do more with a larger one

    /// <summary>
    /// .NET compiles what is hot while it runs: at the rate of the open loop that takes longer than under full load, and there each node takes
    /// its time of the same processors.
    /// </summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3), OpenWarmUp = TimeSpan.FromSeconds(10);

    /// <summary>All faults, each with option, value and remedy.</summary>
    public IEnumerable<string> Validate()
    {
        if (nodes is < 2 or > 16) yield return $"--nodes is {nodes}: give 2 to 16.";
        if (rounds is < 1 or > 20) yield return $"--rounds is {rounds}: give 1 to 20.";
        LoadSimulation closed = Simulation(SimulationKind.KeepConstant, 1), open = Simulation(SimulationKind.Inject, 1);
        foreach (string fault in closed.Validate().Concat(open.Validate()).Distinct()) yield return fault;
    }

    public async Task<NodesComparison> RunAsync(CancellationToken ct)
    {
        List<NodesRound> measured = [];
        for (int round = 1; round <= rounds; round++)
        {
            await progress.WriteLineAsync($"round {round} of {rounds}");
            (LoadResult oneClosed, LoadResult oneOpen) = await RunAsync(1, ct);
            (LoadResult manyClosed, LoadResult manyOpen) = await RunAsync(nodes, ct);
            measured.Add(new NodesRound(oneClosed, oneOpen, manyClosed, manyOpen));
        }

        return new NodesComparison(measured);
    }

    private async Task<(LoadResult Closed, LoadResult Open)> RunAsync(int count, CancellationToken ct)
    {
        await progress.WriteLineAsync(count == 1 ? "starting one node" : $"starting {count} nodes with a Redis between them");
        await using ChatServer server = await ChatServer.StartAsync(settings, ct, count);
        string name = count == 1 ? "one-node" : $"{count}-nodes";
        // First the latencies: full load leaves a checkpoint and half a million rows to vacuum, which would be measured with them.
        LoadResult open = await new ChatScenario(server.Target, Simulation(SimulationKind.Inject, count), progress).RunMessagesAsync(name, ct);
        LoadResult closed = await new ChatScenario(server.Target, Simulation(SimulationKind.KeepConstant, count), progress)
            .RunMessagesAsync(name, ct);
        return (closed, open);
    }

    private LoadSimulation Simulation(SimulationKind kind, int count) => new()
    {
        Kind = kind,
        Chats = Chats,
        Members = Members,
        Window = Window,
        Rate = kind == SimulationKind.Inject ? rate : 0,
        WarmUp = kind == SimulationKind.Inject ? OpenWarmUp : WarmUp * count,
        Duration = duration,
    };
}

using System.Diagnostics;

using Chat.Chaos.Checker;
using Chat.Chaos.Cluster;
using Chat.Chaos.History;
using Chat.Chaos.Workload;

namespace Chat.Chaos.PlantedBugs;

/// <summary>What became of one bug.</summary>
/// <param name="Case">Which.</param>
/// <param name="CaughtIn">The run in which it was caught, from 1; 0: it was not.</param>
/// <param name="By">The invariants that were seen broken in the last run.</param>
/// <param name="Seconds">All runs together.</param>
/// <param name="Evidence">The first violation, or why there is none.</param>
internal sealed record PlantedResult(PlantedCase Case, int CaughtIn, IReadOnlyList<Invariant> By, double Seconds, string Evidence)
{
    /// <summary>A bug is to be caught, and what has none is to be clean.</summary>
    public bool IsAsItMustBe => Case.Expected.Count > 0 ? CaughtIn > 0 : By.Count == 0;
}

/// <summary>Gives a bug its fault, at most so many times, until the checker sees it.</summary>
internal sealed class PlantedRunner(PlantedStage stage, string folder, int seed, int runs)
{
    /// <summary>A kill finds people who write: so many of their messages were acked since the node was last started.</summary>
    private const int AckedBeforeKill = 20;

    private static readonly TimeSpan LongestWaitForAcks = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KillWithin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Published = TimeSpan.FromMilliseconds(200);

    public async Task<PlantedResult> RunAsync(PlantedCase bug, CancellationToken ct)
    {
        long began = Stopwatch.GetTimestamp();
        int most = bug.Expected.Count == 0 ? 1 : runs;
        for (int run = 1; ; run++)
        {
            Verdict verdict = await RunOnceAsync(bug, run, ct);
            Invariant[] broken = [.. verdict.ViolationCounts.Keys];
            bool isCaught = broken.Intersect(bug.Expected).Any();
            if (!isCaught && run < most) continue;

            Violation? shown = verdict.Violations.OrderByDescending(violation => bug.Expected.Contains(violation.Invariant))
                .FirstOrDefault();
            string evidence = shown?.ToString() ?? $"clean: {verdict.Counts.Acked} acked, {verdict.Counts.Received} received";
            return new PlantedResult(bug, isCaught ? run : 0, broken, Stopwatch.GetElapsedTime(began).TotalSeconds, evidence);
        }
    }

    private async Task<Verdict> RunOnceAsync(PlantedCase bug, int run, CancellationToken ct)
    {
        string history = Path.Combine(folder, $"{bug.Bug}-{run}");
        await using PlantedNodes nodes = await stage.StartNodesAsync(bug, seed + run, ct);
        WorkloadOptions load = bug.Load(new WorkloadOptions
        {
            Seed = seed + run,
            People = 5,
            Chats = 4,
            MembersPerChat = 3,
            MessagesPerSecond = 60,
            Nodes = nodes.ClientUrls,
            HistoryDirectory = history,
            SlowReaders = 0,
            RevokeOneDevice = false,
            Probes = 4,
            CatchUp = TimeSpan.FromSeconds(bug.Expected.Count == 0 ? 10 : 2.5),
        });
        await using ChaosWorkload workload = await ChaosWorkload.StartAsync(load, ct);
        await BreakAsync(bug, nodes, workload, new Random(seed + run), ct);
        FinalState final = await workload.FinishAsync(new FinalSource(nodes.ConnectionString, nodes.Nodes[0].Url), ct);
        return ConsistencyChecker.Check(HistoryReader.FromDirectory(history), final);
    }

    private static async Task BreakAsync(
        PlantedCase bug, PlantedNodes nodes, ChaosWorkload workload, Random moments, CancellationToken ct)
    {
        if (bug.LosesPublications)
        {
            workload.FaultWindows.Begin("lossy Redis");
            nodes.Loss.IsOn = true;
        }

        for (int kill = 0; kill < bug.Kills; kill++)
        {
            await workload.AckedAsync(AckedBeforeKill, LongestWaitForAcks, ct);
            await Task.Delay(KillWithin * moments.NextDouble(), TimeProvider.System, ct);
            ServerNode node = nodes.Nodes[kill % nodes.Nodes.Count];
            workload.FaultWindows.Begin("kill -9");
            await nodes.KillAsync(node);
            await node.StartAgainAsync(ct);
            workload.FaultWindows.End("kill -9");
        }

        await Task.Delay(bug.Runs, TimeProvider.System, ct);
        await workload.StopSendingAsync();
        if (!bug.LosesPublications) return;

        // Until the last event of each chat was published, and perhaps lost: what follows it would mend that.
        await workload.SettleAsync(TimeSpan.FromSeconds(10), ct);
        await Task.Delay(Published, TimeProvider.System, ct);
        nodes.Loss.IsOn = false;
        workload.FaultWindows.End("lossy Redis");
    }
}

using System.Globalization;

using Chat.Chaos.Cluster;

namespace Chat.Chaos.Faults;

/// <summary>F-01: kill -9 of a node at any moment, and its start.</summary>
internal sealed class NodeCrashRow : FaultRow
{
    private static readonly TimeSpan MaxReady = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxClientsBack = TimeSpan.FromSeconds(15);

    public override string Id => "F-01";

    public override string Title => "kill -9 of a node inside batches";

    public override bool IsShort => true;

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        await run.StartAsync(new ClusterPlan(), ct);
        int kills = run.Count(50, 6);
        TimeSpan slowest = TimeSpan.Zero;
        for (int kill = 0; kill < kills; kill++)
        {
            await run.GoOnAsync(TimeSpan.FromMilliseconds(run.Random.Next(50, 600)), ct);
            ServerNode node = run.Cluster.Nodes[run.Random.Next(run.Cluster.Nodes.Count)];
            await run.FaultAsync("kill -9 " + node.Plan.Name, async () =>
            {
                await node.KillAsync();
                TimeSpan ready = await node.StartAgainAsync(ct);
                if (ready > slowest) slowest = ready;
            });
        }

        run.Figure("kills", kills, "");
        run.Figure("slowest start", slowest.TotalSeconds, "s");
        Checker.Verdict verdict = await run.JudgeAsync(ct);
        run.Require(
            slowest <= run.Within(MaxReady),
            string.Create(CultureInfo.InvariantCulture, $"a killed node was ready after {slowest.TotalSeconds:0.0} s (bound: 5 s)"));
        if (run.Cluster.Nodes.Count == 1)
            run.Note(
                "one node: clients wait for its start, so the bound of 15 s for their return, which is that of a second node, "
                    + "is not judged");
        run.Require(
            run.Cluster.Nodes.Count == 1 || verdict.ClientsBack.P99 <= run.Within(MaxClientsBack).TotalMilliseconds,
            string.Create(
                CultureInfo.InvariantCulture, $"clients were back after {verdict.ClientsBack.P99 / 1_000:0.0} s at p99 (bound: 15 s)"));
    }
}

/// <summary>F-02: a node is stopped and goes on later, with an old idea of the world.</summary>
internal sealed class NodePauseRow : FaultRow
{
    public override string Id => "F-02";

    public override string Title => "SIGSTOP of a node, then SIGCONT";

    public override bool IsShort => true;

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        await run.StartAsync(new ClusterPlan(), ct);
        int[] pauses = run.Options.IsShort ? [5] : [5, 30, 50];
        if (!run.Options.IsShort)
            run.Note("50 s instead of 90: longer than every deadline of a connection, which is what the third pause is for");
        foreach (int seconds in pauses)
        {
            await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
            ServerNode node = run.Cluster.Nodes[run.Random.Next(run.Cluster.Nodes.Count)];
            await run.FaultAsync(string.Create(CultureInfo.InvariantCulture, $"stop {node.Plan.Name} for {seconds} s"), async () =>
            {
                node.Signal(Signals.Stop);
                try
                {
                    await run.GoOnAsync(TimeSpan.FromSeconds(seconds), ct);
                }
                finally
                {
                    node.Signal(Signals.Continue);
                }

                await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
            });
        }

        run.Figure("pauses", string.Join('/', pauses) + " s");
        await run.JudgeAsync(ct);
    }
}

/// <summary>F-03: every node is killed at once.</summary>
internal sealed class AllNodesCrashRow : FaultRow
{
    public override string Id => "F-03";

    public override string Title => "kill -9 of all nodes at once";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        await run.StartAsync(new ClusterPlan(), ct);
        int kills = run.Count(6, 1);
        for (int kill = 0; kill < kills; kill++)
        {
            await run.GoOnAsync(TimeSpan.FromMilliseconds(run.Random.Next(500, 2_000)), ct);
            await run.FaultAsync("kill -9 of all nodes", async () =>
            {
                await Task.WhenAll(run.Cluster.Nodes.Select(node => node.KillAsync()));
                await Task.WhenAll(run.Cluster.Nodes.Select(node => node.StartAgainAsync(ct)));
            });
        }

        run.Figure("kills", kills, "");
        await run.JudgeAsync(ct);
    }
}

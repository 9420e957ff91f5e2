using System.Globalization;

using Chat.Chaos.Cluster;
using Chat.Chaos.Workload;

namespace Chat.Chaos.Faults;

/// <summary>F-23: clients vanish without a word: no FIN, no RST.</summary>
internal sealed class HalfOpenRow : FaultRow
{
    private const int Clients = 200;
    private const double CutAfterIntervals = 2.5;
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan SweepSlack = TimeSpan.FromSeconds(4);

    public override string Id => "F-23";

    public override string Title => "200 clients vanish without FIN";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        if (await NodeNetwork.FindObstacleAsync(ct) is { } obstacle)
            throw new NotHereException($"{obstacle}: a proxy cannot vanish without closing its sockets");
        run.Note("a ping interval of 4 s instead of 25, so the cut is due after 10 s instead of 62");
        await run.StartAsync(
            new ClusterPlan
            {
                OwnNetworks = true,
                Node = (_, plan) => plan with
                {
                    Settings = new Dictionary<string, string>(plan.Settings) { ["Sessions:PingInterval"] = PingInterval.ToString() },
                },
            },
            ct);
        ServerNode node = run.Cluster.Nodes[0];
        int before = node.OpenFiles;
        TimeSpan? freed = null;
        using (SilentSessions sessions = await SilentSessions.SeedAsync(run.Cluster, node, Clients, ct))
        {
            sessions.Connect(ct);
            run.Figure(
                "descriptors",
                string.Create(CultureInfo.InvariantCulture, $"{before} before, {node.OpenFiles} with {sessions.Ready} clients"));
            await run.FaultAsync("clients vanish", async () =>
            {
                await run.Cluster.Networks[0].DropFromAsync(Peer.Clients, node.Port, ct);
                await run.Cluster.Networks[0].DropToAsync(Peer.Clients, node.Port, ct);
                int almost = before + (Clients / 20);
                freed = await Waiting.UntilAsync(
                    () => new(node.OpenFiles <= almost), run.Within((PingInterval * CutAfterIntervals * 2) + SweepSlack), ct);
                await run.Cluster.Networks[0].HealAsync(ct);
                await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
            });
        }

        run.Figure("freed after", freed?.TotalSeconds ?? double.NaN, "s");
        await run.JudgeAsync(ct);
        run.Require(
            freed <= run.Within((PingInterval * CutAfterIntervals) + SweepSlack),
            string.Create(
                CultureInfo.InvariantCulture,
                $"descriptors of vanished clients were not freed within {(PingInterval * CutAfterIntervals) + SweepSlack}"));
    }
}

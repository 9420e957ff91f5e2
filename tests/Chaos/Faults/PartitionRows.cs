using System.Globalization;

using Chat.Chaos.Checker;
using Chat.Chaos.Cluster;
using Chat.Chaos.Proxy;
using Chat.Chaos.Workload;

namespace Chat.Chaos.Faults;

/// <summary>F-18: one node is cut from PostgreSQL, from Redis or from its clients, in both directions or in one.</summary>
internal sealed class PartitionRow : FaultRow
{
    private static readonly TimeSpan MaxUnready = TimeSpan.FromSeconds(10);

    public override string Id => "F-18";

    public override string Title => "one node cut from PostgreSQL, Redis, clients";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        bool inKernel = await RowNetworks.AreTheyHereAsync(run, ct);
        if (!run.Options.IsShort) run.Note("each cut is healed after 5 to 20 s, not up to 120");
        var plan = new ClusterPlan { OwnNetworks = inKernel, ProxyPostgres = !inKernel, ProxyRedis = !inKernel, ProxyClients = !inKernel };
        await run.StartAsync(plan, ct);
        using RestProbe probe = await RestProbe.CreateAsync(run.Cluster, ct);
        ServerNode cut = run.Cluster.Nodes[0];
        TimeSpan? unready = null;
        int acked = 0, asked = 0;
        foreach ((Peer peer, string way, int seconds) in Cuts(run))
        {
            await run.FaultAsync($"{cut.Plan.Name} cut from {peer}, {way}", async () =>
            {
                await BreakAsync(run, peer, way, ct);
                bool isFull = peer == Peer.Postgres && way == "both ways";
                if (isFull)
                {
                    unready = await Waiting.UntilAsync(async () => !await cut.IsReadyAsync(ct), run.Within(MaxUnready) * 2, ct);
                    for (int i = 0; i < 3; i++, asked++)
                        if ((await probe.SendAsync(cut.Url, ct)).IsAck) acked++;
                }
                else
                {
                    await run.GoOnAsync(TimeSpan.FromSeconds(seconds), ct);
                }

                await HealAsync(run, ct);
                await run.GoOnAsync(TimeSpan.FromSeconds(3), ct);
            });
            await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
        }

        run.Figure("unready after", unready?.TotalSeconds ?? double.NaN, "s");
        run.Figure("acks of the cut node", string.Create(CultureInfo.InvariantCulture, $"{acked} of {asked}"));
        await run.JudgeAsync(ct);
        run.Require(unready <= run.Within(MaxUnready), "the node that was cut from PostgreSQL still called itself ready after 10 s");
        run.Require(acked == 0, "the node that was cut from PostgreSQL acked a message");
    }

    private static IEnumerable<(Peer Peer, string Way, int Seconds)> Cuts(RowRun run)
    {
        yield return (Peer.Postgres, "both ways", 0);
        yield return (Peer.Postgres, "towards the node", run.Count(8, 3));
        if (run.Options.IsShort) yield break;
        yield return (Peer.Postgres, "from the node", 8);
        if (run.Cluster.Redis is not null)
        {
            yield return (Peer.Redis, "both ways", 8);
            yield return (Peer.Redis, "towards the node", 5);
        }

        yield return (Peer.Clients, "both ways", 8);
        yield return (Peer.Clients, "from the node", 5);
    }

    private static async Task BreakAsync(RowRun run, Peer peer, string way, CancellationToken ct)
    {
        bool towardsNode = way != "from the node", fromNode = way != "towards the node";
        if (run.Cluster.Networks.Count == 0)
        {
            TcpChaosProxy link = peer switch
            {
                Peer.Postgres => run.Cluster.ToPostgres[0],
                Peer.Redis => run.Cluster.ToRedis[0],
                _ => run.Cluster.ToNodes[0],
            };
            bool nodeIsClient = peer != Peer.Clients;
            var stalled = new LinkConditions { IsStalled = true };
            if (nodeIsClient ? fromNode : towardsNode) link.ToServer = stalled;
            if (nodeIsClient ? towardsNode : fromNode) link.ToClient = stalled;
            return;
        }

        int port = peer switch
        {
            Peer.Postgres => run.Cluster.Postgres.Port,
            Peer.Redis => run.Cluster.Redis!.Port,
            _ => run.Cluster.Nodes[0].Port,
        };
        if (towardsNode) await run.Cluster.Networks[0].DropFromAsync(peer, port, ct);
        if (fromNode) await run.Cluster.Networks[0].DropToAsync(peer, port, ct);
    }

    private static async Task HealAsync(RowRun run, CancellationToken ct)
    {
        TcpChaosProxy[] links = [.. run.Cluster.ToPostgres, .. run.Cluster.ToRedis, .. run.Cluster.ToNodes];
        foreach (TcpChaosProxy link in links) link.Heal();
        foreach (NodeNetwork network in run.Cluster.Networks) await network.HealAsync(ct);
    }
}

/// <summary>F-19: connections are reset in a storm.</summary>
internal sealed class ResetStormRow : FaultRow
{
    public override string Id => "F-19";

    public override string Title => "RST storm: 2 s of every 10";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        bool inKernel = await RowNetworks.AreTheyHereAsync(run, ct);
        await run.StartAsync(new ClusterPlan { OwnNetworks = inKernel, ProxyClients = !inKernel }, ct);
        for (int round = 0; round < run.Count(3, 1); round++)
        {
            await run.FaultAsync("resets", async () =>
            {
                if (inKernel)
                {
                    for (int i = 0; i < run.Cluster.Nodes.Count; i++)
                        await run.Cluster.Networks[i].ResetClientsAsync(run.Cluster.Nodes[i].Port, ct);
                    await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
                    foreach (NodeNetwork network in run.Cluster.Networks) await network.HealAsync(ct);
                }
                else
                {
                    for (int reset = 0; reset < 20; reset++)
                    {
                        foreach (TcpChaosProxy link in run.Cluster.ToNodes) link.ResetAll();
                        await run.GoOnAsync(TimeSpan.FromMilliseconds(100), ct);
                    }
                }
            });
            await run.GoOnAsync(TimeSpan.FromSeconds(8), ct);
        }

        await run.JudgeAsync(ct);
    }
}

/// <summary>F-20: packets are lost on every link of a node.</summary>
internal sealed class PacketLossRow : FaultRow
{
    public override string Id => "F-20";

    public override string Title => "packet loss of 1, 5 and 20 %";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        if (await NodeNetwork.FindObstacleAsync(ct) is { } obstacle) throw new NotHereException($"{obstacle}: a proxy cannot lose packets");
        await run.StartAsync(new ClusterPlan { OwnNetworks = true }, ct);
        foreach (int percent in (int[])[1, 5, 20])
        {
            await run.FaultAsync(string.Create(CultureInfo.InvariantCulture, $"{percent} % lost"), async () =>
            {
                foreach (NodeNetwork network in run.Cluster.Networks) await network.LoseAsync(percent, ct);
                await run.GoOnAsync(TimeSpan.FromSeconds(run.Count(8, 3)), ct);
                foreach (NodeNetwork network in run.Cluster.Networks) await network.HealAsync(ct);
                await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
            });
        }

        Verdict verdict = await run.JudgeAsync(ct);
        run.Figure("delivery p99 in loss", verdict.DeliveryInside.P99, "ms");
    }
}

/// <summary>F-21: the way between nodes, and to clients, is long and uneven.</summary>
internal sealed class LatencyRow : FaultRow
{
    public override string Id => "F-21";

    public override string Title => "200 ms ± 100 between nodes and to clients";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        await run.StartAsync(new ClusterPlan { ProxyClients = true, ProxyRedis = true }, ct);
        int seconds = run.Count(20, 6);
        double gaps = 0;
        await run.FaultAsync("latency", async () =>
        {
            var far = new LinkConditions { Delay = TimeSpan.FromMilliseconds(200), Jitter = TimeSpan.FromMilliseconds(100) };
            foreach (TcpChaosProxy link in (IEnumerable<TcpChaosProxy>)[.. run.Cluster.ToRedis, .. run.Cluster.ToNodes])
                link.BothWays = far;
            await run.GoOnAsync(TimeSpan.FromSeconds(3), ct);
            double before = await run.ReadMetricAsync("fanout_gaps_repaired_total", ct);
            await run.GoOnAsync(TimeSpan.FromSeconds(seconds), ct);
            gaps = await run.ReadMetricAsync("fanout_gaps_repaired_total", ct) - before;
            foreach (TcpChaosProxy link in (IEnumerable<TcpChaosProxy>)[.. run.Cluster.ToRedis, .. run.Cluster.ToNodes]) link.Heal();
            await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
        });
        Verdict verdict = await run.JudgeAsync(ct);
        run.Figure("delivery p99", verdict.DeliveryInside.P99, "ms");
        run.Figure("holes read/s a node", gaps / seconds / run.Cluster.Nodes.Count, "");
        run.Require(
            gaps / seconds / run.Cluster.Nodes.Count <= run.Chats,
            "a node read more than one hole a second for each chat: its timers thrash");
    }
}

/// <summary>F-22: the line to some clients is too narrow.</summary>
internal sealed class NarrowLinkRow : FaultRow
{
    private const int BytesPerSecond = 4_000;

    public override string Id => "F-22";

    public override string Title => "the line to one node's clients carries 4 kB/s";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        run.Note("4 kB/s instead of 1 Mbit/s, which would carry the scaled load");
        await run.StartAsync(new ClusterPlan { ProxyClients = true }, ct);
        double before = run.Cluster.Nodes[0].ResidentMegabytes;
        await run.FaultAsync("narrow line", async () =>
        {
            run.Cluster.ToNodes[0].BothWays = new LinkConditions { BytesPerSecond = BytesPerSecond };
            await run.GoOnAsync(TimeSpan.FromSeconds(run.Count(20, 8)), ct);
            run.Cluster.ToNodes[0].Heal();
            await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
        });
        double grown = run.Cluster.Nodes[0].ResidentMegabytes - before;
        run.Figure("memory grown", grown, "MB");
        await run.JudgeAsync(ct);
        run.Require(grown <= 100, "the node's memory grew by more than 100 MB for clients that read slowly");
    }
}

using System.Globalization;
using System.Net.Sockets;

using Chat.Chaos.Checker;
using Chat.Chaos.Cluster;
using Chat.Chaos.History;
using Chat.Chaos.Workload;
using Chat.Storage.Managed;

namespace Chat.Chaos.Faults;

/// <summary>F-25: a node may have too little memory.</summary>
internal sealed class MemoryRow : FaultRow
{
    private const int Megabytes = 150;
    private const int HeapMegabytes = 40;

    public override string Id => "F-25";

    public override string Title => "a node with 150 MB under many sessions";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        using MemoryBound bound = new(Megabytes, HeapMegabytes);
        try
        {
            await RunAsync(run, bound, ct);
        }
        finally
        {
            await run.DisposeAsync(); // a group can only go when nobody is in it
        }
    }

    private static async Task RunAsync(RowRun run, MemoryBound bound, CancellationToken ct)
    {
        if (!bound.IsGroup)
            run.Note("the collector's hard limit of 40 MB: no control group for memory can be made here. At it the process ends as with kill -9");
        await run.StartAsync(new ClusterPlan { Node = (number, plan) => number > 0 ? plan : bound.Apply(plan) }, ct);
        ServerNode node = run.Cluster.Nodes[0];
        int deaths = 0, welcomed = 0, busy = 0;
        double fullest = 0;
        using RestProbe probe = await RestProbe.CreateAsync(run.Cluster, ct);
        await run.FaultAsync("memory", async () =>
        {
            using SilentSessions sessions = await SilentSessions.SeedAsync(run.Cluster, node, run.Count(16_000, 4_000), ct);
            Task<int> coming = Task.Run(
                () =>
                {
                    int ready = sessions.ConnectFor(TimeSpan.FromSeconds(run.Count(30, 10)), ct);
                    sessions.Poll(TimeSpan.FromSeconds(run.Count(6, 3)), ct);
                    return ready;
                },
                ct);
            while (!coming.IsCompleted)
            {
                if ((await probe.SendAsync(node.Url, ct)).IsBusy) busy++;
                fullest = Math.Max(fullest, node.HasExited ? 0 : node.ResidentMegabytes);
                if (node.HasExited)
                {
                    deaths++;
                    await node.StartAgainAsync(ct);
                }

                await run.GoOnAsync(TimeSpan.FromMilliseconds(200), ct);
            }

            welcomed = await coming;
        });
        run.Figure("sessions welcomed", welcomed, "");
        run.Figure("memory at most", fullest, "MB");
        run.Figure("answered busy", busy, "times");
        run.Figure("died of it", deaths, "times");
        await run.JudgeAsync(ct);
        run.Require(run.Options.IsShort || busy + deaths > 0, "the node was never short of memory: this run says nothing");
    }
}

/// <summary>F-26: a node gets a fifth of a core.</summary>
internal sealed class CpuRow : FaultRow
{
    private const int QuotaPercent = 20;

    public override string Id => "F-26";

    public override string Title => "a node with a fifth of a core";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        using CpuQuota quota = CpuQuota.TryCreate() ?? throw new NotHereException("no cgroup of version 1 for processors can be made here");
        await run.StartAsync(new ClusterPlan(), ct);
        ServerNode node = run.Cluster.Nodes[0];
        long began = HistoryClock.Now(), ended = began;
        await run.FaultAsync("a fifth of a core", async () =>
        {
            quota.Limit(node.ProcessId, QuotaPercent);
            began = HistoryClock.Now();
            await run.GoOnAsync(TimeSpan.FromSeconds(run.Count(20, 6)), ct);
            ended = HistoryClock.Now();
            quota.Free();
            await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
        });
        Verdict verdict = await run.JudgeAsync(ct);
        int closes = run.History()
            .Count(entry => entry.Op == HistoryOp.Close && entry.Done >= began && entry.Done <= ended && entry.Code != 0);
        run.Figure("ack p99 meanwhile", verdict.AckInside.P99, "ms");
        run.Figure("connections that the server ended", closes, "");
        run.Require(closes <= 2, string.Create(CultureInfo.InvariantCulture, $"{closes} connections were ended although nobody was dead"));
    }
}

/// <summary>F-27: no descriptor is left.</summary>
internal sealed class DescriptorRow : FaultRow
{
    private const int Limit = 600;
    private const int Opened = 700;
    private const double MaxCpuShare = 0.5;

    /// <summary>So many the node keeps for itself at least: without one the runtime can start no thread, load no library.</summary>
    private const int LeastLeft = 32;

    public override string Id => "F-27";

    public override string Title => "700 connections at a node whose limit is lowered to 600 descriptors";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        if (!SearchPath.Has("prlimit")) throw new NotHereException("prlimit (util-linux) is not installed");
        await run.StartAsync(new ClusterPlan(), ct);
        ServerNode node = run.Cluster.Nodes[0];
        string process = node.ProcessId.ToString(CultureInfo.InvariantCulture);
        ShellResult limited = await ShellCommand.RunAsync(
            ["prlimit", "--pid", process, string.Create(CultureInfo.InvariantCulture, $"--nofile={Limit}")], ct);
        if (!limited.Succeeded) throw new NotHereException(limited.Output);
        double cpu = 0;
        int left = 0;
        bool isBack = false;
        await run.FaultAsync("no descriptors", async () =>
        {
            List<Socket> sockets = [];
            for (int i = 0; i < Opened; i++) sockets.Add(await ConnectAsync(node, ct));
            TimeSpan length = TimeSpan.FromSeconds(run.Count(5, 3)); // below the deadline of a connection that says nothing
            double before = node.CpuSeconds;
            await run.GoOnAsync(length, ct);
            cpu = (node.CpuSeconds - before) / length.TotalSeconds;
            left = Limit - Directory.GetFileSystemEntries($"/proc/{process}/fd").Length;
            foreach (Socket socket in sockets) socket.Dispose();
            isBack = await Waiting.UntilAsync(() => new(node.IsReadyAsync(ct)), TimeSpan.FromSeconds(5), ct) is not null;
            await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
        });
        run.Figure("processor while full", 100 * cpu, "%");
        run.Figure("descriptors left", left, "");
        await run.JudgeAsync(ct);
        run.Require(cpu <= MaxCpuShare, "the node spun while it had no descriptors");
        run.Require(left >= LeastLeft, "connections took the descriptors that the node itself needs");
        run.Require(isBack, "the node took no connection within 5 s after descriptors were free");
    }

    private static async Task<Socket> ConnectAsync(ServerNode node, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(node.EndPoint, ct);
        return socket;
    }
}

/// <summary>F-28: every thread of the pool waits.</summary>
internal sealed class PoolStarvationRow : FaultRow
{
    public override string Id => "F-28";

    public override string Title => "64 threads of the pool blocked for 5 s";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        string hook = typeof(StartupHook).Assembly.Location;
        await run.StartAsync(
            new ClusterPlan
            {
                Node = (_, plan) => plan with { Environment = new Dictionary<string, string?> { ["DOTNET_STARTUP_HOOKS"] = hook } },
            }, ct);
        run.Note("by a start-up hook of .NET that the suite brings along; the server itself has none");
        await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
        for (int round = 0; round < run.Count(2, 1); round++)
        {
            await run.FaultAsync("pool blocked", async () =>
            {
                foreach (ServerNode node in run.Cluster.Nodes) node.Signal(Signals.User1);
                await run.GoOnAsync(TimeSpan.FromSeconds(7), ct);
            });
            await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
        }

        Verdict verdict = await run.JudgeAsync(ct);
        run.Figure("slowest ack meanwhile", verdict.AckInside.Max, "ms");
        run.Require(run.Cluster.Nodes.All(node => !node.HasExited), "a node ended");
        run.Require(verdict.AckInside.Max > 200, "nothing was late: the threads were not blocked");
    }
}

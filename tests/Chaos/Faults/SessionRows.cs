using System.Globalization;

using Chat.Chaos.Cluster;

namespace Chat.Chaos.Faults;

/// <summary>F-04: a node with many sessions is asked to end.</summary>
internal sealed class DrainRow : FaultRow
{
    private const double MaxShareInASecond = 0.2;
    private static readonly TimeSpan MaxDrain = TimeSpan.FromSeconds(25);

    public override string Id => "F-04";

    public override string Title => "SIGTERM of a node with many sessions";

    public override bool IsShort => true;

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        await run.StartAsync(new ClusterPlan(), ct);
        ServerNode node = run.Cluster.Nodes[0];
        using SilentSessions sessions = await SilentSessions.SeedAsync(run.Cluster, node, run.Count(5_000, 1_000), ct);
        await Task.Run(() => sessions.Connect(ct), ct);
        (TimeSpan Took, int ExitCode) end = default;
        await run.FaultAsync("SIGTERM", async () =>
        {
            Task<(TimeSpan, int)> ending = node.TerminateAsync(ct);
            await Task.Run(() => { while (!ending.IsCompleted) sessions.Poll(TimeSpan.FromMilliseconds(100), ct); }, ct);
            end = await ending;
            await node.StartAgainAsync(ct);
            await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
        });
        int told = sessions.ReconnectAfterMs.Count;
        int fullest = sessions.ReconnectAfterMs.GroupBy(ms => ms / 1_000).Select(second => second.Count()).DefaultIfEmpty(0).Max();
        run.Figure("sessions", sessions.Count, "");
        run.Figure("ended after", end.Took.TotalSeconds, "s");
        run.Figure("fullest second of the return", 100.0 * fullest / Math.Max(1, told), "%");
        await run.JudgeAsync(ct);
        run.Require(end.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"the node ended with {end.ExitCode}"));
        run.Require(end.Took <= MaxDrain, "the drain took longer than 25 s");
        run.Require(
            told == sessions.Count, string.Create(CultureInfo.InvariantCulture, $"only {told} of {sessions.Count} sessions got a goodbye"));
        run.Require(fullest <= MaxShareInASecond * told, "more than a fifth of the sessions was told to come back in the same second");
    }
}

/// <summary>F-30: a node dies, and all of its sessions come to another one at once.</summary>
internal sealed class HerdRow : FaultRow
{
    private static readonly TimeSpan MaxResumed = TimeSpan.FromSeconds(60);

    public override string Id => "F-30";

    public override string Title => "a node's sessions all come to another";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        run.Note("4,000 sessions instead of 9,000, beside the load of the row on the same two cores");
        await run.StartAsync(new ClusterPlan(), ct);
        ServerNode dying = run.Cluster.Nodes[0], other = run.Cluster.Nodes[^1];
        using SilentSessions sessions = await SilentSessions.SeedAsync(run.Cluster, dying, run.Count(4_000, 1_000), ct);
        await Task.Run(() => sessions.Connect(ct), ct);
        TimeSpan resumed = default;
        await run.FaultAsync("kill -9 with its sessions", async () =>
        {
            await dying.KillAsync();
            sessions.MoveTo(other);
            if (dying == other) await other.StartAgainAsync(ct);
            resumed = await Task.Run(() => sessions.Connect(ct), ct);
            if (dying != other) await dying.StartAgainAsync(ct);
            await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
        });
        run.Figure("sessions", sessions.Count, "");
        run.Figure("all resumed after", resumed.TotalSeconds, "s");
        run.Figure("arrival p99", sessions.ArrivalMilliseconds(0.99), "ms");
        await run.JudgeAsync(ct);
        run.Require(resumed <= run.Within(MaxResumed), "the herd was not resumed within 60 s");
        run.Require(
            sessions.WrongResumes == 0,
            string.Create(CultureInfo.InvariantCulture, $"{sessions.WrongResumes} sessions were not told what they had missed"));
    }
}

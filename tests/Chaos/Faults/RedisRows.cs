using System.Globalization;

using Chat.Chaos.Checker;
using Chat.Chaos.Cluster;
using Chat.Chaos.Proxy;

namespace Chat.Chaos.Faults;

/// <summary>F-10: Redis is killed and comes back empty.</summary>
internal sealed class RedisCrashRow : FaultRow
{
    private static readonly TimeSpan MaxRepair = TimeSpan.FromSeconds(2);

    public override string Id => "F-10";

    public override string Title => "kill -9 of Redis, and its start";

    public override bool IsShort => true;

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        await run.StartAsync(new ClusterPlan { AlwaysRedis = true }, ct);
        RedisServer redis = run.Cluster.Redis!;
        int kills = run.Count(20, 3);
        for (int kill = 0; kill < kills; kill++)
        {
            await run.GoOnAsync(TimeSpan.FromMilliseconds(run.Random.Next(300, 1_500)), ct);
            await run.FaultAsync("kill -9 of Redis", async () =>
            {
                await redis.KillAsync();
                await run.GoOnAsync(TimeSpan.FromMilliseconds(run.Random.Next(100, 1_500)), ct);
                await redis.StartAgainAsync(ct);
                await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
            });
        }

        run.Figure("kills", kills, "");
        Verdict verdict = await run.JudgeAsync(ct);
        run.Figure("delivery p99 in faults", verdict.DeliveryInside.P99, "ms");
        run.Require(
            verdict.DeliveryInside.P99 <= run.Within(MaxRepair).TotalMilliseconds + verdict.AckInside.P99,
            string.Create(
                CultureInfo.InvariantCulture,
                $"with Redis away, deliveries took {verdict.DeliveryInside.P99:0} ms at p99 (bound: 2 s and the ack)"));
    }
}

/// <summary>F-11: the subscribers of Redis are cut, and nobody else.</summary>
internal sealed class RedisSubscribersCutRow : FaultRow
{
    public override string Id => "F-11";

    public override string Title => "CLIENT KILL TYPE pubsub every second";

    public override bool IsShort => true;

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        await run.StartAsync(new ClusterPlan { AlwaysRedis = true }, ct);
        int seconds = run.Count(30, 8);
        if (!run.Options.IsShort) run.Note("30 s instead of 60");
        long cut = 0;
        await run.FaultAsync("subscribers cut", async () =>
        {
            for (int second = 0; second < seconds; second++)
            {
                string? answer = await run.Cluster.Redis!.TryAskAsync("CLIENT KILL TYPE pubsub", ct);
                if (answer?.StartsWith(':') == true) cut += long.Parse(answer[1..], CultureInfo.InvariantCulture);
                await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
            }
        });
        run.Figure("subscribers cut", cut, "");
        double repaired = await run.ReadMetricAsync("fanout_gaps_repaired_total", ct)
            + await run.ReadMetricAsync("fanout_tail_repairs_total", ct);
        run.Figure("gaps and tails repaired", repaired, "");
        await run.JudgeAsync(ct);
        run.Require(
            run.Cluster.Nodes.Count == 1 || repaired > 0, "no gap was repaired although subscribers were cut: the row broke nothing");
        if (run.Cluster.Nodes.Count == 1) run.Note("one node: nobody else publishes, so there is nothing to repair");
    }
}

/// <summary>F-12: Redis stands still; writers must not notice.</summary>
internal sealed class RedisStallRow : FaultRow
{
    private const double SameWithin = 100; // ms; the promise of W1 itself, below which twice the base says nothing on a shared machine

    public override string Id => "F-12";

    public override string Title => "Redis stands still (DEBUG SLEEP, SIGSTOP)";

    public override bool IsShort => true;

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        await run.StartAsync(new ClusterPlan { AlwaysRedis = true }, ct);
        RedisServer redis = run.Cluster.Redis!;
        int seconds = run.Count(10, 4);
        await run.GoOnAsync(TimeSpan.FromSeconds(4), ct);
        await run.FaultAsync("DEBUG SLEEP", async () =>
        {
            await redis.TryAskAsync(string.Create(CultureInfo.InvariantCulture, $"DEBUG SLEEP {seconds}"), ct);
            await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
        });
        await run.GoOnAsync(TimeSpan.FromSeconds(3), ct);
        await run.FaultAsync("SIGSTOP of Redis", async () =>
        {
            redis.Signal(Signals.Stop);
            try
            {
                await run.GoOnAsync(TimeSpan.FromSeconds(seconds), ct);
            }
            finally
            {
                redis.Signal(Signals.Continue);
            }

            await run.GoOnAsync(TimeSpan.FromSeconds(1), ct);
        });
        Verdict verdict = await run.JudgeAsync(ct);
        run.Require(
            verdict.AckInside.P99 <= Math.Max(SameWithin * run.Stretch, 2 * verdict.AckOutside.P99),
            string.Create(
                CultureInfo.InvariantCulture,
                $"with Redis standing still, acks took {verdict.AckInside.P99:0} ms at p99, {verdict.AckOutside.P99:0} ms without"));
    }
}

/// <summary>F-29: publications arrive two and three times and in another order.</summary>
internal sealed class RepeatedPublicationsRow : FaultRow
{
    private const int Window = 20;

    public override string Id => "F-29";

    public override string Title => "publications doubled and reordered";

    public override bool IsShort => true;

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        var shuffle = new RedisShuffle(Window, run.Seed);
        await run.StartAsync(new ClusterPlan { AlwaysRedis = true, ProxyRedis = true, RedisFilters = shuffle.Filters }, ct);
        run.Note("done by a proxy that reads Redis's protocol, so the server needs no hook");
        await run.FaultAsync("publications mixed", () => run.GoOnAsync(TimeSpan.FromSeconds(run.Count(25, 8)), ct));
        run.Figure("publications", string.Create(CultureInfo.InvariantCulture, $"{shuffle.Seen} became {shuffle.Sent}"));
        await run.JudgeAsync(ct);
        run.Require(run.Cluster.Nodes.Count == 1 || shuffle.Sent > shuffle.Seen, "no publication was doubled: nothing was published");
    }
}

using Chat.Chaos.Cluster;

namespace Chat.Chaos.Faults;

/// <summary>F-24: wall clocks are wrong, and jump.</summary>
internal sealed class ClockRow : FaultRow
{
    public override string Id => "F-24";

    public override string Title => "clocks of one node and of PostgreSQL jump by ±1 h";

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        if (ClockShift.FindObstacle() is { } obstacle) throw new NotHereException(obstacle);
        var ofNode = new ClockShift(run.Directory, "node-clock");
        var ofPostgres = new ClockShift(run.Directory, "postgres-clock");
        await run.StartAsync(
            new ClusterPlan
            {
                Postgres = new PostgresPlan { Environment = ofPostgres.Environment },
                Node = (number, plan) => number == 0 ? plan with { Environment = ofNode.Environment } : plan,
            },
            ct);
        int seconds = run.Count(6, 3);
        foreach ((ClockShift clock, string name, string offset) in (IEnumerable<(ClockShift, string, string)>)
            [
                (ofNode, "node-1", "+30"), (ofNode, "node-1", "-1h"), (ofNode, "node-1", "+1h"), (ofPostgres, "PostgreSQL", "+1h"),
                (ofPostgres, "PostgreSQL", "-1h")
            ])
        {
            await run.FaultAsync($"clock of {name} {offset}", async () =>
            {
                clock.Set(offset);
                await run.GoOnAsync(TimeSpan.FromSeconds(seconds), ct);
                clock.Set("+0");
                await run.GoOnAsync(TimeSpan.FromSeconds(2), ct);
            });
        }

        await run.JudgeAsync(ct);
    }
}

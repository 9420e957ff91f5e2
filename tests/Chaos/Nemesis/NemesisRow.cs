using System.Diagnostics;
using System.Globalization;

using Chat.Chaos.Cluster;
using Chat.Chaos.Faults;

namespace Chat.Chaos.Nemesis;

/// <summary>
/// Random faults, one to three at a time, with quiet between them: what is lost is often lost by two faults together. The seed decides
/// which faults, when and for how long; what the machine makes of it is not repeated.
/// </summary>
internal sealed class NemesisRow(TimeSpan duration) : FaultRow
{
    private const int MostAtOnce = 3;

    public override string Id => "nemesis";

    public override string Title => "random faults, one to three at a time";

    public override TimeSpan Longest => duration + base.Longest;

    public override async Task RunAsync(RowRun run, CancellationToken ct)
    {
        await run.StartAsync(new ClusterPlan { ProxyClients = true, ProxyPostgres = true, ProxyRedis = true }, ct);
        IReadOnlyList<NemesisFault> all = NemesisFaults.For(run.Cluster, run.Random);
        long began = Stopwatch.GetTimestamp();
        int rounds = 0, broken = 0;
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            IReadOnlyList<NemesisFault> chosen = Choose(all, run.Random);
            List<Task> running = [];
            foreach (NemesisFault fault in chosen)
            {
                TimeSpan begin = TimeSpan.FromSeconds(run.Random.NextDouble() * 2),
                    length = TimeSpan.FromSeconds(0.5 + (run.Random.NextDouble() * 5));
                await run.Options.Progress.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {Stopwatch.GetElapsedTime(began).TotalSeconds,5:0} s  {fault.Name}, {length.TotalSeconds:0.0} s"));
                running.Add(BreakAsync(run, fault, begin, length, ct));
            }

            await Task.WhenAll(running);
            await MendAsync(run, ct);
            (rounds, broken) = (rounds + 1, broken + chosen.Count);
            await run.GoOnAsync(TimeSpan.FromSeconds(1 + (run.Random.NextDouble() * 3)), ct);
        }

        run.Figure("rounds", rounds, "");
        run.Figure("faults", broken, "");
        await run.JudgeAsync(ct);
    }

    private static List<NemesisFault> Choose(IReadOnlyList<NemesisFault> all, Random random)
    {
        int count = random.Next(1, MostAtOnce + 1);
        List<NemesisFault> chosen = [];
        while (chosen.Count < count)
        {
            NemesisFault fault = all[random.Next(all.Count)];
            if (chosen.All(other => other.Target != fault.Target)) chosen.Add(fault);
        }

        return chosen;
    }

    private static async Task BreakAsync(RowRun run, NemesisFault fault, TimeSpan begin, TimeSpan length, CancellationToken ct)
    {
        await run.GoOnAsync(begin, ct);
        await run.FaultAsync(fault.Name, async () =>
        {
            try
            {
                await fault.BreakAndHealAsync(length, ct);
            }
            catch (Exception because) when (because is IOException or Npgsql.NpgsqlException)
            {
                // Another fault of this round was in the way, such as a node that starts while PostgreSQL is stopped. Mended after the
                // round.
                await run.Options.Progress.WriteLineAsync($"         {fault.Name}: {because.Message.Split('\n')[0]}");
            }
        });
    }

    /// <summary>Starts what a fault could not start again.</summary>
    private static async Task MendAsync(RowRun run, CancellationToken ct)
    {
        if (!await run.Cluster.Postgres.AnswersAsync(ct)) await run.Cluster.Postgres.StartAgainAsync(ct);
        foreach (ServerNode node in run.Cluster.Nodes)
            if (node.HasExited) await node.StartAgainAsync(ct);
    }
}

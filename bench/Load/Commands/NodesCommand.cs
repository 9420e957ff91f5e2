using System.CommandLine;
using System.Globalization;

using Chat.Load.Engine;
using Chat.Load.Report;
using Chat.Load.Scenarios;

namespace Chat.Load.Commands;

/// <summary><c>nodes</c>: the same chats on one node and over several, in one run.</summary>
internal static class NodesCommand
{
    /// <summary>Most that a delivery's p99 over several nodes may be, as a multiple of one node's.</summary>
    private const double MaxLatencyRatio = 2;

    /// <summary>Least that several nodes must ack, as a part of what one does on the same processors.</summary>
    private const double MinThroughputRatio = 0.8;

    public static Command Create()
    {
        Option<int> nodes = new("--nodes") { DefaultValueFactory = _ => 3, Description = "How many are compared with one." };
        Option<int> rounds = new("--rounds") { DefaultValueFactory = _ => 5, Description = "How often both are measured, in turn; the middle counts." };
        Option<double> seconds = new("--seconds") { DefaultValueFactory = _ => 5, Description = "Measured time of each of a round's four runs." };
        Option<double> rate = new("--rate")
        {
            DefaultValueFactory = _ => 1_000,
            Description = "Messages a second of the open loop, at which latencies are compared.",
        };
        Option<string[]> set = new("--set")
        {
            Description = "A setting for every node, e.g. --set Server:SocketLoops=2. May be given many times.",
        };
        Option<bool> check = new("--check") { Description = "End with 1 when a target is missed." };
        Command command = new("nodes", "100 chats of 10 on one node and over several: what does the way between nodes cost?")
        {
            nodes, rounds, seconds, rate, set, check,
        };
        ReportOptions report = ReportOptions.AddWithReportTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            NodesScenario scenario = new(
                parsed.GetValue(nodes), parsed.GetValue(rounds), SimulationOptions.Seconds(parsed.GetValue(seconds)), parsed.GetValue(rate),
                parsed.GetValue(set) ?? [], report.Progress(parsed));
            List<string> faults = [.. scenario.Validate()];
            if (FileLimit.RaiseFor(NodesScenario.Connections) is { } few) faults.Add(few);
            if (faults.Count > 0) return await Outcome.RefuseAsync(faults);

            NodesComparison found = await scenario.RunAsync(ct);
            await report.WriteAsync(parsed, [.. found.Rounds.SelectMany(round => round.Results)], ct);
            return await ConcludeAsync(found, parsed.GetValue(check));
        });
        return command;
    }

    private static async Task<int> ConcludeAsync(NodesComparison found, bool isChecked)
    {
        int worst = 0;
        foreach (NodesRound round in found.Rounds)
        {
            foreach (LoadResult result in round.Results) worst = Math.Max(worst, await Outcome.PrintAsync(result));
            if (found.Rounds.Count > 1) await Console.Error.WriteLineAsync($"round: {Ratios(round.ThroughputRatio, round.LatencyRatio)}");
        }

        await Console.Error.WriteLineAsync(
            $"{Ratios(found.ThroughputRatio, found.LatencyRatio)} (targets: at least {MinThroughputRatio:0.0}, at most {MaxLatencyRatio:0})");
        bool isMissed = found.ThroughputRatio < MinThroughputRatio || found.LatencyRatio > MaxLatencyRatio;
        return worst > 0 ? worst : isChecked && isMissed ? Outcome.Failed : 0;
    }

    private static string Ratios(double throughput, double latency) =>
        string.Create(CultureInfo.InvariantCulture, $"acked/s {throughput:0.00} of one node's, delivery p99 {latency:0.00} of it");
}

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
        Option<double> seconds = new("--seconds") { DefaultValueFactory = _ => 5, Description = "Measured time of each of the four runs." };
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
            nodes, seconds, rate, set, check,
        };
        ReportOptions report = ReportOptions.AddWithReportTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            NodesScenario scenario = new(
                parsed.GetValue(nodes), SimulationOptions.Seconds(parsed.GetValue(seconds)), parsed.GetValue(rate),
                parsed.GetValue(set) ?? [], report.Progress(parsed));
            List<string> faults = [.. scenario.Validate()];
            if (FileLimit.RaiseFor(NodesScenario.Connections) is { } few) faults.Add(few);
            if (faults.Count > 0) return await Outcome.RefuseAsync(faults);

            NodesComparison found = await scenario.RunAsync(ct);
            await report.WriteAsync(parsed, found.Results, ct);
            return await ConcludeAsync(found, parsed.GetValue(check));
        });
        return command;
    }

    private static async Task<int> ConcludeAsync(NodesComparison found, bool isChecked)
    {
        int worst = 0;
        foreach (LoadResult result in found.Results) worst = Math.Max(worst, await Outcome.PrintAsync(result));
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"acked/s: {found.ThroughputRatio:0.00} of one node's (target {MinThroughputRatio:0.0}); delivery p99: "
                + $"{found.LatencyRatio:0.00} of it (target at most {MaxLatencyRatio:0})"));
        bool isMissed = found.ThroughputRatio < MinThroughputRatio || found.LatencyRatio > MaxLatencyRatio;
        return worst > 0 ? worst : isChecked && isMissed ? Outcome.Failed : 0;
    }
}

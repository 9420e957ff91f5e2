using System.CommandLine;
using System.Globalization;

using Chat.Load.Engine;
using Chat.Load.Report;
using Chat.Load.Scenarios;

namespace Chat.Load.Commands;

/// <summary><c>compare</c>: the product and its peers at the same shapes, in one run.</summary>
internal static class CompareCommand
{
    private const int MostConnections = 2_000;
    private static readonly string[] Systems = ["chat", "bun", "signalr", "signalr+pg"];

    public static Command Create()
    {
        Option<double> seconds = new("--seconds") { DefaultValueFactory = _ => 3, Description = "Measured time of each system at each shape." };
        Option<string?> shapes = new("--shapes") { Description = "Only these, with commas: 1x1000,100x10,1000x2,100x10@5000,100x10@10000,typing-100x10,typing-1x1000." };
        Option<string?> systems = new("--systems") { Description = $"Only these, with commas: {string.Join(',', Systems)}." };
        Option<string[]> set = new("--set") { Description = "A setting for the chat server, e.g. --set Server:SocketLoops=2. May be given many times." };
        Option<bool> check = new("--check") { Description = "End with 1 when a target is missed." };
        Command command = new("compare", "Chat, Bun and SignalR at the same shapes with the same generator, each alone on this machine.")
        {
            seconds, shapes, systems, set, check,
        };
        ReportOptions report = ReportOptions.AddWithReportTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            TimeSpan duration = SimulationOptions.Seconds(parsed.GetValue(seconds));
            IReadOnlyList<ComparedShape> all = CompareScenario.Shapes(duration);
            string[] wantedShapes = Split(parsed.GetValue(shapes), [.. all.Select(shape => shape.Name)]);
            string[] wantedSystems = Split(parsed.GetValue(systems), Systems);
            List<string> faults =
            [
                .. all[0].Simulation.Validate(),
                .. wantedShapes.Except(all.Select(shape => shape.Name)).Select(name => $"--shapes has '{name}': give some of {string.Join(',', all.Select(shape => shape.Name))}."),
                .. wantedSystems.Except(Systems).Select(name => $"--systems has '{name}': give some of {string.Join(',', Systems)}."),
            ];
            if (FileLimit.RaiseFor(MostConnections) is { } few) faults.Add(few.Replace("--connections is", "the largest shape has", StringComparison.Ordinal));
            if (faults.Count > 0) return await Outcome.RefuseAsync(faults);

            var scenario = new CompareScenario(parsed.GetValue(set) ?? [], report.Progress(parsed));
            List<LoadResult> results = [];
            foreach (ComparedShape shape in all.Where(shape => wantedShapes.Contains(shape.Name)))
            {
                foreach (string system in shape.Systems.Where(wantedSystems.Contains))
                {
                    results.Add(await scenario.RunAsync(shape, system, ct));
                    if (report.IsJson(parsed)) await Console.Out.WriteLineAsync(ComparisonLine.From(results[^1]).ToJson());
                }
            }

            await report.WriteAsync(parsed, results, ct);
            return await ConcludeAsync([.. results.Select(ComparisonLine.From)], report.IsJson(parsed), parsed.GetValue(check));
        });
        return command;
    }

    private static async Task<int> ConcludeAsync(IReadOnlyList<ComparisonLine> lines, bool isJson, bool isChecked)
    {
        IReadOnlyList<ComparisonTarget> targets = ComparisonTarget.Judge(lines);
        if (!isJson)
        {
            await Console.Out.WriteLineAsync(Table(lines));
            foreach (ComparisonTarget target in targets) await Console.Out.WriteLineAsync(target.ToString());
        }

        // What a relay loses is its own affair; what we lose is a failure.
        ComparisonLine[] failed = [.. lines.Where(line => line is { System: "chat", Passed: false })];
        foreach (ComparisonLine line in failed) await Console.Error.WriteLineAsync($"FAILED: {line.ToJson()}");
        bool isMissed = isChecked && targets.Any(target => target.IsKept == false);
        return failed.Length > 0 || isMissed ? Outcome.Failed : 0;
    }

    private static string Table(IReadOnlyList<ComparisonLine> lines)
    {
        List<string> rows =
        [
            $"{"shape",-15} {"system",-11} {"acked/s",9} {"chat ÷",7} {"deliveries/s",13} {"chat ÷",7} {"p50 ms",8} {"p99 ms",8} {"max ms",8} {"µs/deliv.",9} {"KB/conn.",9} {"lost",6}",
        ];
        foreach (ComparisonLine line in lines)
        {
            ComparisonLine? ours = lines.FirstOrDefault(other => other.Shape == line.Shape && other.System == "chat");
            rows.Add(string.Create(CultureInfo.InvariantCulture,
                $"{line.Shape,-15} {line.System,-11} {line.AckedPerS,9:0} {Ratio(ours?.AckedPerS, line.AckedPerS),7} {line.DeliveriesPerS,13:0} {Ratio(ours?.DeliveriesPerS, line.DeliveriesPerS),7} {line.P50Ms,8:0.00} {line.P99Ms,8:0.00} {line.MaxMs,8:0.00} {line.ServerCpuUsPerDelivery,9:0.00} {line.RssKbPerConnection,9:0.0} {line.Lost,6}"));
        }

        return string.Join('\n', rows);
    }

    private static string Ratio(double? ours, double theirs) =>
        ours is { } value && theirs > 0 ? (value / theirs).ToString("0.00", CultureInfo.InvariantCulture) : "";

    private static string[] Split(string? list, string[] whenAbsent) =>
        list is null ? whenAbsent : list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

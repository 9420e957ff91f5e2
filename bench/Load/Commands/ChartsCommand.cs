using System.CommandLine;

using Chat.Load.Report;
using Chat.Load.Report.Charts;

namespace Chat.Load.Commands;

/// <summary><c>charts</c>: draws what a comparison found.</summary>
internal static class ChartsCommand
{
    public static Command Create()
    {
        Option<string> from = new("--from") { Required = true, Description = "File with the lines that compare --json printed." };
        Option<string> to = new("--to") { Required = true, Description = "Directory for throughput.svg, latency.svg and cpu.svg." };
        Command command = new("charts", "Draws the charts of a comparison, e.g. for bench/README.md.") { from, to };
        command.SetAction(async (parsed, ct) =>
        {
            string file = parsed.GetValue(from)!;
            if (!File.Exists(file)) return await Outcome.RefuseAsync([$"--from is '{file}': there is no such file; write it with ./chat bench compare --json > FILE."]);

            IReadOnlyList<ComparisonLine> lines = ComparisonLine.ReadAll(file);
            if (lines.Count == 0) return await Outcome.RefuseAsync([$"--from is '{file}': it is empty; write it with ./chat bench compare --json > FILE."]);

            Directory.CreateDirectory(parsed.GetValue(to)!);
            foreach ((string name, string svg) in ComparisonCharts.Make(lines))
                await File.WriteAllTextAsync(Path.Combine(parsed.GetValue(to)!, name), svg, ct);
            return 0;
        });
        return command;
    }
}

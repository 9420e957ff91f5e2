using System.CommandLine;
using System.Text.Json;

using Chat.Load.Crowd;
using Chat.Load.Report;
using Chat.Load.Report.Charts;

namespace Chat.Load.Commands;

/// <summary><c>charts</c>: draws what a comparison or a crowd found.</summary>
internal static class ChartsCommand
{
    public static Command Create()
    {
        Option<string> from = new("--from") { Required = true, Description = "File with the lines that compare --json or crowd --json printed." };
        Option<string> to = new("--to") { Required = true, Description = "Directory for throughput.svg, latency.svg and cpu.svg, or crowd-sessions.svg and crowd-deliveries.svg." };
        Command command = new("charts", "Draws the charts of a comparison or a crowd, e.g. for bench/README.md.") { from, to };
        command.SetAction(async (parsed, ct) =>
        {
            string file = parsed.GetValue(from)!;
            if (!File.Exists(file)) return await Outcome.RefuseAsync([$"--from is '{file}': there is no such file; write it with ./chat bench compare --json > FILE."]);

            string[] text = await File.ReadAllLinesAsync(file, ct);
            string? crowd = text.FirstOrDefault(line => line.StartsWith("{\"scenario\":\"crowd\"", StringComparison.Ordinal));
            IReadOnlyList<ComparisonLine> lines = crowd is null ? ComparisonLine.ReadAll(file) : [];
            if (crowd is null && lines.Count == 0)
                return await Outcome.RefuseAsync([$"--from is '{file}': it is empty; write it with ./chat bench compare --json > FILE."]);

            Directory.CreateDirectory(parsed.GetValue(to)!);
            IReadOnlyList<(string Name, string Svg)> charts = crowd is null
                ? ComparisonCharts.Make(lines)
                : CrowdCharts.Make(JsonSerializer.Deserialize(crowd, CrowdJson.Default.CrowdResult)!);
            foreach ((string name, string svg) in charts)
                await File.WriteAllTextAsync(Path.Combine(parsed.GetValue(to)!, name), svg, ct);
            return 0;
        });
        return command;
    }
}

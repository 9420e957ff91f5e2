using System.CommandLine;
using System.Globalization;

using Chat.Chaos.Faults;
using Chat.Chaos.Nemesis;
using Chat.Chaos.Report;
using Chat.Load.Engine;

namespace Chat.Chaos.Commands;

/// <summary>The suite's own verb: <c>--rows</c> runs rows of the fault matrix, <c>--nemesis</c> breaks at random.</summary>
internal static class ChaosCommand
{
    private const int Failed = 1;
    private const int CannotRun = 2;
    private const double MaxMinutes = 10_000;
    private const int OpenFiles = 12_000;

    public static Command Create()
    {
        Option<string?> rows = new("--rows") { Description = "all, short, or rows such as F-01,F-05." };
        Option<bool> nemesis = new("--nemesis") { Description = "Random faults, one to three at a time." };
        Option<double> minutes = new("--minutes") { DefaultValueFactory = _ => 10, Description = "How long the nemesis goes on." };
        Option<int?> seed = new("--seed") { Description = "Decides all that is random. Default: a new one, which is printed." };
        Option<int> nodes = new("--nodes") { DefaultValueFactory = _ => 3, Description = "Nodes of a cluster, 1 to 5." };
        Option<bool> reduced = new("--reduced") { Description = "Reduced counts, as --rows short has them." };
        Option<bool> json = new("--json") { Description = "A line of JSON a row, no table." };
        Option<bool> keep = new("--keep") { Description = "Keep histories and logs of rows that passed, too." };
        Command command = new("chaos", "Breaks a running cluster on purpose, and checks that no promise is broken with it.")
        {
            rows, nemesis, minutes, seed, nodes, reduced, json, keep, PlantedCommand.Create(),
        };
        command.SetAction(async (parsed, ct) =>
        {
            int chosen = parsed.GetValue(seed) ?? Random.Shared.Next(1, 1_000_000);
            string? wanted = parsed.GetValue(rows);
            var options = new RowOptions
            {
                Seed = chosen,
                Nodes = parsed.GetValue(nodes),
                IsShort = wanted == "short" || parsed.GetValue(reduced),
                Keeps = parsed.GetValue(keep),
                Progress = parsed.GetValue(json) ? TextWriter.Null : Console.Error,
            };
            if (options.Nodes is < 1 or > 5)
                return await RefuseAsync(string.Create(CultureInfo.InvariantCulture, $"--nodes is {options.Nodes}: give 1 to 5."));
            if (parsed.GetValue(minutes) is not (> 0 and <= MaxMinutes))
                return await RefuseAsync(string.Create(CultureInfo.InvariantCulture, $"--minutes is {parsed.GetValue(minutes)}: give more than 0, up to {MaxMinutes}."));
            if (FileLimit.RaiseFor(OpenFiles) is { } few) await options.Progress.WriteLineAsync(few);
            if (parsed.GetValue(nemesis))
                return await FinishAsync(
                    await RunRowsAsync(
                        [new NemesisRow(TimeSpan.FromMinutes(parsed.GetValue(minutes)))], options, parsed.GetValue(json), ct),
                    parsed.GetValue(json));

            if (!TryChoose(wanted, out IReadOnlyList<FaultRow> selected, out string fault)) return await RefuseAsync(fault);
            return await FinishAsync(await RunRowsAsync(selected, options, parsed.GetValue(json), ct), parsed.GetValue(json));
        });
        return command;
    }

    private static bool TryChoose(string? wanted, out IReadOnlyList<FaultRow> rows, out string fault)
    {
        (rows, fault) = ([], "");
        switch (wanted)
        {
            case null:
                fault = "Say what to run: --rows all, --rows short, --rows F-01,F-05, or --nemesis.";
                return false;
            case "all":
                rows = FaultMatrix.All;
                return true;
            case "short":
                rows = [.. FaultMatrix.All.Where(row => row.IsShort)];
                return true;
        }

        string[] ids = wanted.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] unknown = [.. ids.Where(id => FaultMatrix.All.All(row => row.Id != id))];
        if (unknown.Length > 0)
            fault = $"There is no row {string.Join(", ", unknown)}. There are: {string.Join(", ", FaultMatrix.All.Select(row => row.Id))}.";
        rows = [.. FaultMatrix.All.Where(row => ids.Contains(row.Id))];
        return unknown.Length == 0;
    }

    private static async Task<IReadOnlyList<RowResult>> RunRowsAsync(
        IReadOnlyList<FaultRow> rows, RowOptions options, bool json, CancellationToken ct)
    {
        await options.Progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"seed {options.Seed}, {options.Nodes} nodes"));
        var runner = new MatrixRunner(options);
        List<RowResult> results = [];
        foreach (FaultRow row in rows)
        {
            await options.Progress.WriteLineAsync($"· {row.Id} {row.Title}");
            RowResult result = await runner.RunAsync(row, ct);
            results.Add(result);
            if (json) await Console.Out.WriteLineAsync(ResultTable.Json(result));
            else await options.Progress.WriteLineAsync($"  {ResultTable.Line(result)}");
        }

        return results;
    }

    private static async Task<int> FinishAsync(IReadOnlyList<RowResult> results, bool json)
    {
        if (!json) await Console.Out.WriteLineAsync(ResultTable.Compose(results));
        return results.Any(result => result.Status == RowStatus.Fail) ? Failed : 0;
    }

    private static async Task<int> RefuseAsync(string fault)
    {
        await Console.Error.WriteLineAsync(fault);
        return CannotRun;
    }
}

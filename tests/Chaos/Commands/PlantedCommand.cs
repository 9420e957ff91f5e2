using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

using Chat.Chaos.PlantedBugs;
using Chat.Load.Commands;
using Chat.Load.Processes;

namespace Chat.Chaos.Commands;

/// <summary><c>planted</c>: proves the checker by bugs that are put into the server on purpose.</summary>
internal static class PlantedCommand
{
    public static Command Create()
    {
        Option<string[]> bugs = new("--bug") { AllowMultipleArgumentsPerToken = true, Description = "Only these. Default: all." };
        Option<int> runs = new("--runs")
        {
            DefaultValueFactory = _ => 3,
            Description = "Tries of each bug until it must have been caught.",
        };
        Option<int?> seed = new("--seed") { Description = "Decides all that is random. Default: a new one, which is printed." };
        Option<int> parallel = new("--parallel")
        {
            DefaultValueFactory = _ => 2,
            Description = "Bugs at the same time, 1 to 8: they mostly wait.",
        };
        Command command = new("planted", "Runs servers that have a bug on purpose, and fails unless the checker catches each.")
        {
            bugs, runs, seed, parallel,
        };
        command.SetAction(async (parsed, ct) =>
        {
            string[] names = parsed.GetValue(bugs) ?? [];
            string[] faults = [.. Judge(names, parsed.GetValue(runs), parsed.GetValue(parallel))];
            if (faults.Length > 0) return await Outcome.RefuseAsync(faults);

            PlantedCase[] chosen = [.. PlantedCases.All.Where(bug => names.Length == 0 || names.Contains(bug.Bug))];
            PlantedPlan plan = new(
                chosen, parsed.GetValue(runs), parsed.GetValue(seed) ?? Random.Shared.Next(1, 1_000_000), parsed.GetValue(parallel));
            return await RunAsync(plan, ct);
        });
        return command;
    }

    private static IEnumerable<string> Judge(string[] names, int runs, int parallel)
    {
        string[] unknown = [.. names.Where(name => PlantedCases.All.All(bug => bug.Bug != name))];
        if (unknown.Length > 0)
            yield return $"There is no bug {string.Join(", ", unknown)}. There are: {string.Join(", ", PlantedCases.All.Select(bug => bug.Bug))}.";
        if (runs < 1) yield return $"--runs is {runs}: without a run no bug is caught. Give 1 or more.";
        if (parallel is < 1 or > 8) yield return $"--parallel is {parallel}: give 1 to 8.";
    }

    private static async Task<int> RunAsync(PlantedPlan plan, CancellationToken ct)
    {
        await BuildAsync(ct);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"seed {plan.Seed}"));
        long began = Stopwatch.GetTimestamp();
        string folder = TemporaryDirectory.Create("chat-planted-");
        ConcurrentBag<PlantedResult> results = [];
        await using (PlantedStage stage = await PlantedStage.StartAsync(folder, ct))
        {
            PlantedRunner runner = new(stage, folder, plan.Seed, plan.Runs);
            ParallelOptions together = new() { MaxDegreeOfParallelism = plan.Parallel, CancellationToken = ct };
            await Parallel.ForEachAsync(plan.Cases, together, async (bug, token) =>
            {
                PlantedResult result = await runner.RunAsync(bug, token);
                results.Add(result);
                await Console.Out.WriteLineAsync(result.IsAsItMustBe ? Line(result) : $"{Line(result)}\n    {result.Evidence}");
            });
        }

        int failed = results.Count(result => !result.IsAsItMustBe);
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{results.Count - failed} as they must be, {failed} not, {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s"));
        if (failed == 0) Directory.Delete(folder, recursive: true);
        else await Console.Out.WriteLineAsync($"histories and logs: {folder}");
        return failed == 0 ? 0 : 1;
    }

    private static string Line(PlantedResult result)
    {
        string outcome = result.Case.Expected.Count == 0 ? (result.By.Count == 0 ? "clean" : $"NOT CLEAN: {string.Join(", ", result.By)}")
            : result.CaughtIn == 0 ? "NOT CAUGHT"
            : string.Create(CultureInfo.InvariantCulture, $"caught in run {result.CaughtIn} by {string.Join(", ", result.By)}");
        return string.Create(
            CultureInfo.InvariantCulture, $"{result.Case.Bug,-24} {result.Case.Fault,-50} {outcome} ({result.Seconds:0} s)");
    }

    /// <summary>The server with the bugs in it; what is up to date is not built again.</summary>
    private static async Task BuildAsync(CancellationToken ct)
    {
        if (File.Exists(PlantedStage.Program) && NewestSource() < File.GetLastWriteTimeUtc(PlantedStage.Program)) return;

        await Console.Error.WriteLineAsync("building the server with planted bugs");
        // The analyzers judge the same files where they are built without the bugs, and take most of a build's time.
        string[] build =
        [
            "build", "src/Server/Server.csproj", "-c", "Release", "--nologo", "-v", "quiet", "-p:PlantedBugs=true", "-p:RunAnalyzers=false",
        ];
        await ChildProcess.RunAsync("dotnet", build, Repository.Root, ct);
        File.SetLastWriteTimeUtc(PlantedStage.Program, TimeProvider.System.GetUtcNow().UtcDateTime);
    }

    private static DateTime NewestSource() => new[] { "src", "clients/dotnet-sdk", "tests/Chaos/PlantedBugs" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.*", SearchOption.AllDirectories))
        .Where(file => Path.GetExtension(file) is ".cs" or ".csproj" or ".sql" && !file.Contains("/obj/", StringComparison.Ordinal))
        .Max(File.GetLastWriteTimeUtc);

    private sealed record PlantedPlan(IReadOnlyList<PlantedCase> Cases, int Runs, int Seed, int Parallel);
}

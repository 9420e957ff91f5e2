using System.Globalization;
using Chat.Simulation.Schedules;

namespace Chat.Simulation;

/// <summary>Long runs and replays; the tests are run by <c>dotnet test</c>.</summary>
internal static class Program
{
    private const string Usage = """
        --schedules N [--seed FIRST] [--threads N] [--defect NAME]   runs N schedules from a seed on; failures are shrunk and shown
        --replay SEED [--keep 1,2,3] [--no-rest] [--defect NAME] [--shrink]   runs one and tells what happens
        """;

    public static int Main(string[] args)
    {
        string? Option(string name) => Array.IndexOf(args, name) is var at && at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
        PlantedDefect defect = Option("--defect") is { } named ? Enum.Parse<PlantedDefect>(named, ignoreCase: true) : PlantedDefect.None;
        if (Option("--replay") is { } seed) return Replay(Number(seed), Option("--keep"), defect, shrinks: args.Contains("--shrink"), rests: !args.Contains("--no-rest"));
        if (Option("--schedules") is { } count)
            return RunMany(
                Number(Option("--seed") ?? "1"), (long)Number(count), (int)Number(Option("--threads") ?? $"{Environment.ProcessorCount}"),
                defect);
        Console.WriteLine(Usage);
        return 2;
    }

    private static int RunMany(ulong first, long schedules, int threads, PlantedDefect defect)
    {
        long thrown = 0;
        AppDomain.CurrentDomain.FirstChanceException += (_, _) => Interlocked.Increment(ref thrown);
        CampaignResult result = Campaign.Run(
            first, schedules, threads, defect, progress: done => Console.Error.WriteLine($"{done} done"));
        Console.WriteLine(Report.Of(result));
        Console.WriteLine(
            $"each: {Environment.CpuUsage.TotalTime.TotalMilliseconds / schedules:F2} ms of processor, {GC.GetTotalAllocatedBytes() / 1024 / schedules} KiB, "
            + $"{thrown / (double)schedules:F1} exceptions; {GC.CollectionCount(0)} collections, {GC.CollectionCount(2)} of them full");
        foreach (FailedSeed failure in result.Failures.Take(5))
        {
            Schedule smallest = Shrinker.Shrink(ScheduleMaker.Make(failure.Seed), defect);
            Console.WriteLine($"\n{failure.Seed} keep={string.Join(',', smallest.Acts.Select(act => act.Index))} # {failure.Violation}");
            foreach (Act act in smallest.Acts) Console.WriteLine($"  {act}");
        }

        return result.Failures.Count == 0 ? 0 : 1;
    }

    private static int Replay(ulong seed, string? kept, PlantedDefect defect, bool shrinks, bool rests)
    {
        Schedule schedule = ScheduleMaker.Make(seed) with { ConnectionsRest = rests };
        if (kept is not null) schedule = schedule.Only(kept.Split(',').Select(index => int.Parse(index, CultureInfo.InvariantCulture)));
        if (shrinks) schedule = Shrinker.Shrink(schedule, defect);
        Verdict verdict = ScheduleRun.Run(schedule, defect, Console.Out);
        Console.WriteLine(verdict.Violation ?? $"Every promise was kept ({verdict.Steps} steps, fingerprint {verdict.Fingerprint:x16}).");
        return verdict.Violation is null ? 0 : 1;
    }

    private static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Globalization;
using Chat.Fuzz.Engine;

namespace Chat.Fuzz;

/// <summary>The command line: <c>./chat fuzz [target] [--minutes N] [--inputs N] [--seed S]</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args.Contains("--list"))
        {
            foreach (string name in FuzzTargets.Names) Console.WriteLine(name);
            return 0;
        }

        string? chosen = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : null;
        if (chosen is not null && !FuzzTargets.Names.Contains(chosen))
        {
            await Console.Error.WriteLineAsync($"There is no target '{chosen}'. There are: {string.Join(", ", FuzzTargets.Names)}.");
            return 2;
        }

        double? minutes = Number(args, "--minutes");
        ulong seed = (ulong)(Number(args, "--seed") ?? Stopwatch.GetTimestamp() % 1_000_000_000);
        string[] names = chosen is null ? [.. FuzzTargets.Names] : [chosen];
        int failed = 0;
        foreach (string name in names)
        {
            await using FuzzTarget target = FuzzTargets.Create(name);
            long inputs = (long)(Number(args, "--inputs") ?? (minutes is null ? target.InputsInFull : long.MaxValue));
            TimeSpan? time = minutes is { } given ? TimeSpan.FromMinutes(given / names.Length) : null;
            if (!await RunAsync(target, seed, new FuzzBudget(inputs, time))) failed++;
        }

        return failed == 0 ? 0 : 1;
    }

    private static async Task<bool> RunAsync(FuzzTarget target, ulong seed, FuzzBudget budget)
    {
        Console.WriteLine($"{target.Name}: seed {seed}");
        Stopwatch clock = Stopwatch.StartNew();
        try
        {
            long inputs = await FuzzLoop.RunAsync(target, seed, budget, CancellationToken.None);
            double seconds = clock.Elapsed.TotalSeconds;
            string figures = string.Create(CultureInfo.InvariantCulture, $"{inputs:N0} inputs in {seconds:F1} s ({inputs / seconds:N0}/s)");
            Console.WriteLine($"{target.Name}: {figures}, none failed. {target.Describe()}");
            return true;
        }
        catch (FuzzException failure)
        {
            Console.WriteLine(failure.Message);
            Console.WriteLine(failure.InnerException);
            return false;
        }
    }

    private static double? Number(string[] args, string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? double.Parse(args[at + 1], CultureInfo.InvariantCulture) : null;
    }
}

using System.Diagnostics;
using System.Globalization;
using Chat.Fuzz.Engine;

namespace Chat.Fuzz;

/// <summary>The command line: <c>./chat fuzz [target] [--minutes N] [--inputs N] [--seed S] [--list] [--help]</c>.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => RunAsync(args);

    /// <returns>The exit code: 0 no input failed, 1 one did, 2 wrongly called.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        FuzzOptions options;
        try
        {
            options = FuzzOptions.Read(args);
        }
        catch (ArgumentException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 2;
        }

        if (options.Helps || options.Lists)
        {
            await Console.Out.WriteLineAsync(options.Helps ? FuzzOptions.Usage : string.Join(Environment.NewLine, FuzzTargets.Names));
            return 0;
        }

        return await RunAsync(options);
    }

    private static async Task<int> RunAsync(FuzzOptions options)
    {
        ulong seed = options.Seed ?? (ulong)(Stopwatch.GetTimestamp() % 1_000_000_000);
        string[] names = options.Target is { } chosen ? [chosen] : [.. FuzzTargets.Names];
        int failed = 0;
        foreach (string name in names)
        {
            await using FuzzTarget target = FuzzTargets.Create(name);
            long inputs = options.Inputs ?? (options.Minutes is null ? target.InputsInFull : long.MaxValue);
            TimeSpan? time = options.Minutes is { } given ? TimeSpan.FromMinutes(given / names.Length) : null;
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
}

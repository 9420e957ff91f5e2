using System.Diagnostics;

namespace Chat.Fuzz.Engine;

/// <summary>How long a run goes on: to a number of inputs, or until time is up.</summary>
internal readonly record struct FuzzBudget(long Inputs, TimeSpan? Time);

/// <summary>Offers inputs to a target, one after another, and stops at the first that fails.</summary>
internal static class FuzzLoop
{
    private const int LongestInputShown = 4_000;

    /// <returns>How many inputs were judged.</returns>
    /// <exception cref="FuzzException">With seed, number and bytes of the input that failed.</exception>
    public static async Task<long> RunAsync(FuzzTarget target, ulong seed, FuzzBudget budget, CancellationToken ct)
    {
        await target.StartAsync();
        long number = 0;
        Stopwatch clock = Stopwatch.StartNew();
        for (; number < budget.Inputs && (budget.Time is not { } time || clock.Elapsed < time); number++)
        {
            ct.ThrowIfCancellationRequested();
            FuzzRandom random = new(seed, number);
            byte[] input = target.Make(random);
            await JudgeAsync(target, input, random, $"seed {seed}, input {number}");
        }

        await target.FinishAsync();
        return number;
    }

    /// <summary>Judges one input, from wherever it comes.</summary>
    public static async ValueTask JudgeAsync(FuzzTarget target, byte[] input, FuzzRandom random, string origin)
    {
        try
        {
            await target.CheckAsync(input, random);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            string shown = Convert.ToHexString(input.AsSpan(0, Math.Min(input.Length, LongestInputShown)));
            string kept = Keep(target, input);
            string where = $"{origin}, {input.Length} bytes: {shown}\nkept as {kept}; give it a name in tests/Fuzz/corpus/{target.Name}";
            throw new FuzzException($"{target.Name}: {fault.Message}\n{where}", fault);
        }
    }

    private static string Keep(FuzzTarget target, byte[] input)
    {
        string file = Path.Combine(Path.GetTempPath(), $"fuzz-{target.Name}-{Guid.NewGuid():N}.bin");
        File.WriteAllBytes(file, input);
        return file;
    }
}

using System.Text.Json;

namespace Chat.Micro.Budgets;

/// <summary>
/// Compares the bytes that an operation allocates with budgets.json. Bytes are the same on every machine, so a higher number is a
/// regression and not the weather; times are for the benchmarks.
/// </summary>
internal static class AllocationBudgets
{
    private const int WarmUps = 2_000;
    private const int Rounds = 10_000;

    /// <summary>
    /// Prints a line for each operation. 0: all within; 1: some allocate more, or have no budget, or a budget has no operation.
    /// </summary>
    public static async Task<int> CheckAsync(bool json)
    {
        Dictionary<string, Budget> budgets = await ReadAsync(Path.Combine(AppContext.BaseDirectory, "budgets.json"));
        List<Line> lines = [];
        foreach (BenchmarkCase benchmarks in BenchmarkCase.All())
        {
            await using (benchmarks)
            {
                foreach ((string name, int operationsPerCall, Action call) in benchmarks.Operations())
                    lines.Add(new Line(name, Measure(call, operationsPerCall), budgets.Remove(name, out Budget budget) ? budget : null));
            }
        }

        lines.AddRange(budgets.Select(left => new Line(left.Key, null, left.Value)));
        bool passed = lines.All(line => line.Passed);
        if (json) await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new { scenario = "budgets", operations = lines, passed }, JsonSerializerOptions.Web));
        else foreach (Line line in lines) await Console.Out.WriteLineAsync(line.ToString());
        return passed ? 0 : 1;
    }

    private static async Task<Dictionary<string, Budget>> ReadAsync(string path)
    {
        await using FileStream file = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<Dictionary<string, Budget>>(file) ?? throw new InvalidDataException($"{path} is empty.");
    }

    /// <summary>
    /// Bytes of one operation, rounded up, so that an allocation shared by many is not lost; but of one call rounded down, so that what the
    /// runtime allocates once vanishes in the rounds.
    /// </summary>
    private static long Measure(Action call, int operationsPerCall)
    {
        for (int i = 0; i < WarmUps; i++) call();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Rounds; i++) call();
        long bytesPerCall = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
        return (bytesPerCall + operationsPerCall - 1) / operationsPerCall;
    }

    /// <param name="Name">Area, class, method and parameters.</param>
    /// <param name="Bytes">Measured; null when there is no such benchmark.</param>
    /// <param name="Budget">Null when it has none.</param>
    private sealed record Line(string Name, long? Bytes, Budget? Budget)
    {
        public bool Passed => Bytes is { } bytes && Budget is { } budget && (bytes <= budget.Bytes || budget.Warn);

        public override string ToString() => (Bytes, Budget) switch
        {
            (null, _) => $"FAILED  {Name}: a budget without a benchmark; take it out of bench/budgets.json",
            ({ } bytes, null) => $"FAILED  {Name}: {bytes} bytes, and no budget; add it to bench/budgets.json",
            ({ } bytes, { } budget) when bytes > budget.Bytes => $"{(budget.Warn ? "warning" : "FAILED ")} {Name}: {bytes} bytes, the budget is {budget.Bytes}",
            ({ } bytes, { } budget) when bytes < budget.Bytes => $"ok      {Name}: {bytes} bytes, the budget is {budget.Bytes} and can be lowered",
            ({ } bytes, _) => $"ok      {Name}: {bytes} bytes",
        };
    }
}

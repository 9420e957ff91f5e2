using System.Text.Json;

using Chat.Micro.Protocol;

namespace Chat.Micro.Budgets;

/// <summary>
/// Compares the bytes that an operation allocates with budgets.json. Bytes are the same on every machine, so a higher number is a
/// regression and not the weather; times are for the benchmarks.
/// </summary>
internal static class AllocationBudgets
{
    private const int WarmUps = 2_000;
    private const int Rounds = 10_000;

    /// <summary>Prints a line for each operation. 0: all within; 1: some allocate more, or have no budget.</summary>
    public static async Task<int> CheckAsync(bool json)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "budgets.json");
        await using FileStream file = File.OpenRead(path);
        Dictionary<string, long> budgets = await JsonSerializer.DeserializeAsync<Dictionary<string, long>>(file)
            ?? throw new InvalidDataException($"{path} is empty.");

        List<Line> lines = [];
        foreach ((string name, Action operation) in Operations())
            lines.Add(new Line(name, Measure(operation), budgets.TryGetValue(name, out long budget) ? budget : null));

        bool passed = lines.All(line => line.Budget is { } budget && line.Bytes <= budget);
        if (json) await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new { scenario = "budgets", operations = lines, passed }, JsonSerializerOptions.Web));
        else foreach (Line line in lines) await Console.Out.WriteLineAsync(line.ToString());
        return passed ? 0 : 1;
    }

    private static IEnumerable<(string Name, Action Operation)> Operations()
    {
        foreach (int textBytes in (int[])[64, 1_024])
        {
            var encode = new EncodeEventBenchmarks { TextBytes = textBytes };
            encode.Setup();
            yield return ($"Protocol.EncodeEventBenchmarks.ToWebSocketFrame({textBytes})", () => encode.ToWebSocketFrame());
            yield return ($"Protocol.EncodeEventBenchmarks.IntoBuffer({textBytes})", () => encode.IntoBuffer());

            var decode = new DecodeSendBenchmarks { TextBytes = textBytes };
            decode.Setup();
            yield return ($"Protocol.DecodeSendBenchmarks.DecodeBody({textBytes})", () => decode.DecodeBody());
            yield return ($"Protocol.DecodeSendBenchmarks.CutFrames({textBytes})", () => decode.CutFrames());
            yield return ($"Protocol.DecodeSendBenchmarks.ReadHeader({textBytes})", () => decode.ReadHeader());
        }
    }

    private static long Measure(Action operation)
    {
        for (int i = 0; i < WarmUps; i++) operation();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Rounds; i++) operation();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }

    private sealed record Line(string Name, long Bytes, long? Budget)
    {
        public override string ToString() => Budget switch
        {
            null => $"FAILED  {Name}: {Bytes} bytes, and no budget; add it to bench/budgets.json",
            { } budget when Bytes > budget => $"FAILED  {Name}: {Bytes} bytes, the budget is {budget}",
            { } budget when Bytes < budget => $"ok      {Name}: {Bytes} bytes, the budget is {budget} and can be lowered",
            _ => $"ok      {Name}: {Bytes} bytes",
        };
    }
}

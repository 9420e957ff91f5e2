using System.Text.Json;

using Chat.Load.Report;

namespace Chat.Load.Commands;

/// <summary>How commands end: 0 all was kept, 1 it was not, 2 it could not be asked.</summary>
internal static class Outcome
{
    public const int Failed = 1;
    public const int CannotRun = 2;

    /// <summary>Says what is wrong with the arguments.</summary>
    public static async Task<int> RefuseAsync(IEnumerable<string> faults)
    {
        foreach (string fault in faults) await Console.Error.WriteLineAsync(fault);
        return CannotRun;
    }

    /// <summary>Prints the result's line, and what was not kept.</summary>
    public static async Task<int> PrintAsync(LoadResult result)
    {
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, LoadJson.Plain.LoadResult));
        if (result.EndedEarly is { } why) await Console.Error.WriteLineAsync($"FAILED: the run ended early: {why}");
        foreach (Threshold threshold in result.Thresholds())
            if (!threshold.IsKept) await Console.Error.WriteLineAsync($"FAILED: {threshold}");
        return result.Passed ? 0 : Failed;
    }
}

using System.Globalization;

namespace Chat.Simulation.Schedules;

/// <summary>
/// A line of <c>regressions.txt</c>, schedules that once failed: <c>SEED [keep=1,2,3] # what it found</c>
/// </summary>
internal sealed record Regression(ulong Seed, IReadOnlyList<int>? Kept, bool ConnectionsRest, string Found)
{
    public static IReadOnlyList<Regression> ReadAll() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "regressions.txt"))
            .Where(line => line.Trim().Length > 0 && line[0] != '#')
            .Select(Parse)];

    public Schedule ToSchedule()
    {
        Schedule whole = ScheduleMaker.Make(Seed) with { ConnectionsRest = ConnectionsRest };
        return Kept is null ? whole : whole.Only(Kept);
    }

    public override string ToString() => Found;

    private static Regression Parse(string line)
    {
        string[] halves = line.Split('#', 2, StringSplitOptions.TrimEntries);
        string[] words = halves[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[]? kept = words.FirstOrDefault(word => word.StartsWith("keep=", StringComparison.Ordinal)) is { } keep
            ? [.. keep["keep=".Length..].Split(',').Select(index => int.Parse(index, CultureInfo.InvariantCulture))]
            : null;
        return new Regression(ulong.Parse(words[0], CultureInfo.InvariantCulture), kept, !words.Contains("no-rest"), halves.Length > 1 ? halves[1] : words[0]);
    }
}

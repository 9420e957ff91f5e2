using System.Globalization;

namespace Chat.Simulation.Schedules;

/// <summary>
/// A line of <c>regressions.txt</c>, schedules that once failed, or of <c>open.txt</c>, those that still do.
/// <c>SEED [keep=1,2,3] # what it found</c>
/// </summary>
internal sealed record Regression(ulong Seed, IReadOnlyList<int>? Kept, string Found)
{
    public static IReadOnlyList<Regression> ReadAll() => Read("regressions.txt");

    public static IReadOnlyList<Regression> ReadOpen() => Read("open.txt");

    private static IReadOnlyList<Regression> Read(string file) =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, file))
            .Where(line => line.Trim().Length > 0 && line[0] != '#')
            .Select(Parse)];

    public Schedule ToSchedule()
    {
        Schedule whole = ScheduleMaker.Make(Seed);
        return Kept is null ? whole : whole.Only(Kept);
    }

    public override string ToString() => Found;

    private static Regression Parse(string line)
    {
        string[] halves = line.Split('#', 2, StringSplitOptions.TrimEntries);
        string[] words = halves[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[]? kept = words.Length > 1
            ? [.. words[1]["keep=".Length..].Split(',').Select(index => int.Parse(index, CultureInfo.InvariantCulture))]
            : null;
        return new Regression(ulong.Parse(words[0], CultureInfo.InvariantCulture), kept, halves.Length > 1 ? halves[1] : words[0]);
    }
}

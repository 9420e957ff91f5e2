namespace Chat.Simulation.Schedules;

/// <summary>Takes acts out of a failing schedule as long as it still breaks the same promise: what is left is what it takes.</summary>
internal static class Shrinker
{
    public static Schedule Shrink(Schedule failing, PlantedDefect defect = PlantedDefect.None)
    {
        string promise = PromiseOf(ScheduleRun.Run(failing, defect))
            ?? throw new ArgumentException($"Seed {failing.Seed} breaks no promise: there is nothing to shrink.", nameof(failing));
        Schedule smallest = failing;
        for (int chunk = Math.Max(1, failing.Acts.Count / 2); ; chunk /= 2)
        {
            for (int at = 0; at < smallest.Acts.Count;)
            {
                Schedule without = smallest with { Acts = [.. smallest.Acts.Take(at), .. smallest.Acts.Skip(at + chunk)] };
                if (PromiseOf(ScheduleRun.Run(without, defect)) == promise) smallest = without;
                else at += chunk;
            }

            if (chunk == 1) return smallest;
        }
    }

    private static string? PromiseOf(Verdict verdict) => verdict.Violation?.Split(':')[0];
}

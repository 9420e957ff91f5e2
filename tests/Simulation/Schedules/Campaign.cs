using System.Diagnostics;

namespace Chat.Simulation.Schedules;

/// <summary>A schedule that broke a promise.</summary>
internal sealed record FailedSeed(ulong Seed, string Violation);

/// <summary>What many schedules gave.</summary>
internal sealed record CampaignResult(long Schedules, long Steps, TimeSpan Elapsed, IReadOnlyList<FailedSeed> Failures, Tally Tally)
{
    public double SchedulesPerSecond => Schedules / Elapsed.TotalSeconds;
}

/// <summary>Runs the schedules of many seeds, a few at once: each has one thread, and none knows of another.</summary>
internal static class Campaign
{
    /// <param name="first">The first seed; the others follow it.</param>
    /// <param name="schedules">How many.</param>
    /// <param name="maxFailures">Ends early when so many have failed.</param>
    /// <param name="progress">Told every so often how many are done.</param>
    public static CampaignResult Run(
        ulong first, long schedules, int threads, PlantedDefect defect = PlantedDefect.None, int maxFailures = 20,
        Action<long>? progress = null)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Lock gate = new();
        List<FailedSeed> failures = [];
        Tally tally = new();
        long next = -1, done = 0, steps = 0;

        void Work()
        {
            Tally own = new();
            long ownSteps = 0;
            while (Volatile.Read(ref next) < schedules - 1 && failures.Count < maxFailures)
            {
                long index = Interlocked.Increment(ref next);
                if (index >= schedules) break;
                ulong seed = first + (ulong)index;
                Verdict verdict = RunOne(seed, defect);
                own.Add(verdict.Tally);
                ownSteps += verdict.Steps;
                long count = Interlocked.Increment(ref done);
                if (count % 10_000 == 0) progress?.Invoke(count);
                if (verdict.Violation is not { } violation) continue;
                lock (gate) failures.Add(new FailedSeed(seed, violation));
            }

            lock (gate)
            {
                tally.Add(own);
                steps += ownSteps;
            }
        }

        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(Work) { IsBackground = true })];
        foreach (Thread worker in workers) worker.Start();
        foreach (Thread worker in workers) worker.Join();
        return new CampaignResult(done, steps, watch.Elapsed, [.. failures.OrderBy(failure => failure.Seed)], tally);
    }

    /// <summary>What the product or the simulation throws where nobody catches it is a finding like any other, with its seed.</summary>
    private static Verdict RunOne(ulong seed, PlantedDefect defect)
    {
        try
        {
            return ScheduleRun.Run(ScheduleMaker.Make(seed), defect);
        }
        catch (Exception fault)
        {
            return new Verdict($"unhandled: {fault}", 0, 0, TimeSpan.Zero, new Tally());
        }
    }
}

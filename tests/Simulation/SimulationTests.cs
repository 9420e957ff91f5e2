using Chat.Simulation.Schedules;

namespace Chat.Simulation;

/// <summary>The promises P1 to P9 and P15 in the form of a model, over many schedules of faults.</summary>
[TestFixture]
internal sealed class SimulationTests
{
    private const int FewSchedules = 200;

    /// <summary>Most schedules that a planted defect may take until it is found: far below what a run of the suite has.</summary>
    private const int MaxSchedulesToFind = 20_000;

    [Test]
    public void Every_promise_is_kept_in_every_schedule()
    {
        ulong first = Setting("CHAT_SIMULATION_SEED", 1);
        long schedules = (long)Setting("CHAT_SIMULATION_SCHEDULES", 100_000);

        CampaignResult result = Campaign.Run(first, schedules, Environment.ProcessorCount);

        TestContext.Out.WriteLine($"seeds {first} to {first + (ulong)schedules - 1}");
        TestContext.Out.WriteLine(Report.Of(result));
        Assert.That(result.Failures.Select(failure => $"seed {failure.Seed}: {failure.Violation}"), Is.Empty);
        Happening[] absent = [.. Enum.GetValues<Happening>().Where(happening => result.Tally[happening] == 0)];
        Assert.That(schedules < 10_000 ? [] : absent, Is.Empty, "these never happened");
    }

    [TestCaseSource(nameof(Regressions))]
    public void What_once_broke_a_promise_does_so_no_more(Regression regression) =>
        Assert.That(ScheduleRun.Run(regression.ToSchedule()).Violation, Is.Null);

    [TestCaseSource(nameof(Defects))]
    public void A_planted_defect_is_found(PlantedDefect defect)
    {
        CampaignResult result = Campaign.Run(first: 1, MaxSchedulesToFind, Environment.ProcessorCount, defect, maxFailures: 1);

        Assert.That(result.Failures, Is.Not.Empty);
        TestContext.Out.WriteLine($"{defect}: after {result.Schedules} schedules, {result.Failures[0].Violation}");
    }

    [Test]
    public void A_seed_gives_the_same_order_of_events_each_time()
    {
        for (ulong seed = 1; seed <= FewSchedules; seed++)
        {
            Verdict once = ScheduleRun.Run(ScheduleMaker.Make(seed)), again = ScheduleRun.Run(ScheduleMaker.Make(seed));

            Assert.That((again.Fingerprint, again.Steps), Is.EqualTo((once.Fingerprint, once.Steps)), $"seed {seed}");
        }
    }

    [Test]
    public void A_failing_schedule_shrinks_to_what_it_takes()
    {
        CampaignResult result = Campaign.Run(first: 1, MaxSchedulesToFind, threads: 1, PlantedDefect.NoDeduplication, maxFailures: 1);
        Schedule whole = ScheduleMaker.Make(result.Failures[0].Seed);

        Schedule smallest = Shrinker.Shrink(whole, PlantedDefect.NoDeduplication);

        Assert.That(smallest.Acts, Has.Count.LessThan(whole.Acts.Count));
        Assert.That(ScheduleRun.Run(smallest, PlantedDefect.NoDeduplication).Violation, Is.Not.Null);
        Assert.That(ScheduleRun.Run(smallest).Violation, Is.Null);
    }

    private static IEnumerable<Regression> Regressions() => Regression.ReadAll();

    private static IEnumerable<PlantedDefect> Defects() => Enum.GetValues<PlantedDefect>().Where(defect => defect != PlantedDefect.None);

    private static ulong Setting(string name, ulong otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } given ? ulong.Parse(given, null) : otherwise;
}

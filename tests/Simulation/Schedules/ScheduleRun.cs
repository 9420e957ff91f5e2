using Chat.Simulation.Clients;
using Chat.Simulation.Scheduling;

namespace Chat.Simulation.Schedules;

/// <summary>How a schedule ended.</summary>
/// <param name="Violation">Null: every promise was kept.</param>
/// <param name="Fingerprint">Of the order of events: equal for equal seeds.</param>
internal sealed record Verdict(string? Violation, ulong Fingerprint, long Steps, TimeSpan Settled, Tally Tally);

/// <summary>Runs one schedule from its start to its verdict.</summary>
internal static class ScheduleRun
{
    /// <summary>
    /// How long after the last fault everybody may take to have everything: a half-open connection is found after 35 s of silence, a reply
    /// that does not come after 35 s, and the longest back-off is 20 s.
    /// </summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(120);

    /// <summary>A node may still wait for the answer to a statement of before, 6 s, and pause 2 s.</summary>
    private static readonly TimeSpan AckTime = TimeSpan.FromSeconds(10);

    /// <summary>Promise P15, and what the way to and from it takes.</summary>
    private static readonly TimeSpan TailTime = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    public static Verdict Run(Schedule schedule, PlantedDefect defect = PlantedDefect.None, TextWriter? trace = null)
    {
        World world = new(schedule, defect, trace);
        Acts acts = new(world);
        foreach (Act act in schedule.Acts) world.Scheduler.After(TimeSpan.FromMilliseconds(act.AtMs), () => acts.Do(act));

        TimeSpan healed = TimeSpan.FromMilliseconds(schedule.LengthMs);
        RunTo(world, healed);
        acts.HealAll();
        world.Tell(() => "everything is healed");
        Settle(world, healed + SettleTime, "after everything was healed");
        TimeSpan settled = TimeSpan.FromTicks(world.Scheduler.Now) - healed;
        ProbeTail(world);
        if (world.Judge.Violation is null) world.Judge.JudgeEnd();
        return new Verdict(world.Judge.Violation, world.Scheduler.Fingerprint, world.Scheduler.Steps, settled, world.Tally);
    }

    private static void RunTo(World world, TimeSpan time) => world.Scheduler.RunUntil(time, () => world.Judge.Violation is not null);

    private static void Settle(World world, TimeSpan deadline, string since)
    {
        while (world.Judge.Violation is null)
        {
            TimeSpan now = TimeSpan.FromTicks(world.Scheduler.Now);
            if (world.Judge.FindMissing() is not { } missing) return;
            if (now >= deadline)
            {
                world.Judge.Report("P6", $"{missing}, {since}");
                return;
            }

            RunTo(world, now + LookInterval);
        }
    }

    /// <summary>One message whose publication nobody gets: heads must bring it to everybody in time (P15).</summary>
    private static void ProbeTail(World world)
    {
        foreach (long chat in World.ChatIds)
        {
            if (world.Judge.Violation is not null) return;
            SimulatedClient? sender = world.Clients.Find(client => world.Store.Find(chat)!.IsMember(client.PrincipalId));
            if (sender is null) continue;
            world.Bus.Weather.LossPercent = 100;
            sender.Send(chat, $"the tail of {chat}");
            bool acked = world.Scheduler.RunUntil(TimeSpan.FromTicks(world.Scheduler.Now) + AckTime, () => sender.Pending > 0)
                && world.Scheduler.RunUntil(TimeSpan.FromTicks(world.Scheduler.Now) + AckTime, () => sender.Pending == 0);
            world.Bus.Weather.LossPercent = 0;
            if (!acked)
                world.Judge.Report("P5", $"client {sender.Number} got no answer within {AckTime.TotalSeconds} s, with nothing wrong");
            else Settle(world, TimeSpan.FromTicks(world.Scheduler.Now) + TailTime, "2 s after its publication was lost");
        }
    }
}

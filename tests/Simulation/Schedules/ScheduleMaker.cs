using Chat.Simulation.Scheduling;

namespace Chat.Simulation.Schedules;

/// <summary>Makes the schedule of a seed: some traffic, some faults, most of them a few, some of them many at once.</summary>
internal static class ScheduleMaker
{
    /// <summary>Faults and how often each is chosen, relative to the others.</summary>
    private static readonly (ActKind Kind, int Weight)[] Faults =
    [
        (ActKind.CutLink, 12), (ActKind.HalfOpenLink, 3), (ActKind.StallReading, 8), (ActKind.RestartClient, 5), (ActKind.PauseClient, 3),
        (ActKind.KillNode, 6), (ActKind.KillNodeAtStep, 9), (ActKind.PauseNode, 6),
        (ActKind.PauseStore, 4), (ActKind.CrashStore, 4), (ActKind.RefuseStore, 2), (ActKind.CutNodeFromStore, 4),
        (ActKind.FaultCommits, 12),
        (ActKind.LosePublications, 12), (ActKind.BusLoss, 6), (ActKind.BusRepeats, 4), (ActKind.BusReorders, 4),
        (ActKind.DegradeBroker, 6), (ActKind.CutSubscriber, 5),
        (ActKind.RemoveMember, 12), (ActKind.AddMember, 12), (ActKind.RestoreBackup, 1),
    ];

    private static readonly int TotalWeight = Faults.Sum(fault => fault.Weight);

    public static Schedule Make(ulong seed)
    {
        Prng random = new(seed * 0x2545F4914F6CDD1DUL + 1);
        int nodes = random.Next(2, 3), clients = random.Next(3, 4);
        int length = random.Next(2_000, random.Chance(25) ? 20_000 : 7_000);
        List<Act> acts = [];
        int sends = random.Next(6, 18);
        for (int i = 0; i < sends; i++)
        {
            int at = random.Next(length), who = random.Next(clients), chat = random.Next(2);
            int burst = random.Chance(20) ? random.Next(2, 6) : 1;
            acts.Add(new Act(0, at, ActKind.Send, who, chat, 0, burst));
        }

        int faults = random.Chance(70) ? random.Next(1, 4) : random.Next(4, 10);
        for (int i = 0; i < faults; i++) acts.Add(MakeFault(random, length, nodes, clients));
        if (acts.Exists(act => act.Kind == ActKind.RestoreBackup)) acts.Add(new Act(0, random.Next(length), ActKind.BackUp, 0, 0, 0, 0));

        acts.Sort(static (x, y) => x.AtMs != y.AtMs ? x.AtMs.CompareTo(y.AtMs) : x.Kind.CompareTo(y.Kind));
        return new Schedule(seed, nodes, clients, length, [.. acts.Select((act, index) => act with { Index = index })]);
    }

    private static Act MakeFault(Prng random, int length, int nodes, int clients)
    {
        ActKind kind = Pick(random);
        int who = kind switch
        {
            ActKind.CutLink or ActKind.HalfOpenLink or ActKind.StallReading or ActKind.RestartClient or ActKind.PauseClient =>
                random.Next(clients),
            ActKind.AddMember or ActKind.RemoveMember => random.Next(World.Principals),
            _ => random.Next(nodes),
        };
        int duration = random.Chance(20) ? random.Next(2_000, 12_000) : random.Next(5, 1_500);
        int amount = kind switch
        {
            ActKind.BusLoss => random.Next(20, 100),
            ActKind.BusRepeats => random.Next(20, 80),
            ActKind.BusReorders => random.Next(5, 200),
            ActKind.KillNodeAtStep => random.Next(3),
            ActKind.RefuseStore => random.Next(3),
            _ => random.Next(1, 4),
        };
        return new Act(0, random.Next(length), kind, who, random.Next(2), duration, amount);
    }

    private static ActKind Pick(Prng random)
    {
        int at = random.Next(TotalWeight);
        foreach ((ActKind kind, int weight) in Faults)
        {
            if (at < weight) return kind;
            at -= weight;
        }

        throw new InvalidOperationException("The weights do not add up.");
    }
}

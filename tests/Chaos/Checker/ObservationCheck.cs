using Chat.Chaos.History;

namespace Chat.Chaos.Checker;

/// <summary>Each event that anybody saw, on whichever way, against the log at the end: I4, I6, I8, I11.</summary>
internal static class ObservationCheck
{
    public static void Run(CheckedRun run)
    {
        foreach (ref readonly HistoryEntry entry in run.Entries)
            if (entry.Op == HistoryOp.Receive) Check(run, in entry);
    }

    private static void Check(CheckedRun run, in HistoryEntry seen)
    {
        FinalLog? log = run.Log(seen.Chat);
        if (log is null || !log.TryGet(seen.Seq, out FinalEvent row))
        {
            if (seen.Done >= run.Final.ReadAt) return;

            HistoryEntry phantom = seen;
            run.Violations.Add(Invariant.I8SeenIsStored, () => (
                "An event was seen that is not stored.", Evidence(run, phantom)));
        }
        else if (row.Hash != seen.Hash || row.ClientMessageId != seen.ClientMessageId)
        {
            HistoryEntry other = seen;
            run.Violations.Add(Invariant.I4OneMeaning, () => (
                $"Sequence {other.Seq} of chat {other.Chat} has two meanings.",
                [.. Evidence(run, other), CheckedRun.Tell(other.Chat, row)]));
        }

        if (seen.Hash != 0) CheckSent(run, in seen);
        if (log is not null && !log.MayBeSeenBy(seen.User, seen.Seq))
        {
            HistoryEntry leaked = seen;
            run.Violations.Add(Invariant.I11MembersOnly, () => (
                $"User {leaked.User} saw sequence {leaked.Seq} of chat {leaked.Chat}, which is outside of what they may see.",
                [run.Tell(leaked), TellIntervals(log, leaked.User)]));
        }
    }

    private static void CheckSent(CheckedRun run, in HistoryEntry seen)
    {
        bool isKnown = run.TryGetSend(seen.Hash, out HistoryEntry send);
        if (isKnown && send.Chat == seen.Chat && send.Outcome != HistoryOutcome.Fail) return;

        HistoryEntry strange = seen;
        string what = !isKnown ? "Something was received that nobody sent."
            : send.Chat != seen.Chat ? "A message was received in another chat than it was sent to."
            : "A message was received that was refused for good.";
        run.Violations.Add(Invariant.I6NothingInvented, () => (what, Evidence(run, strange)));
    }

    private static List<string> Evidence(CheckedRun run, in HistoryEntry seen)
    {
        List<string> lines = [run.Tell(seen)];
        if (run.TryGetSend(seen.Hash, out HistoryEntry send)) lines.Add(run.Tell(send));
        return lines;
    }

    private static string TellIntervals(FinalLog log, long user)
    {
        List<string> intervals = [];
        foreach (FinalMember interval in log.IntervalsOf(user)) intervals.Add($"{interval.From}..{interval.To?.ToString() ?? ""}");
        return intervals.Count == 0 ? $"user {user} never was a member" : $"user {user} was a member for {string.Join(", ", intervals)}";
    }
}

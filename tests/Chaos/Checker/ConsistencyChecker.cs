using Chat.Chaos.History;

namespace Chat.Chaos.Checker;

/// <summary>Judges a history against the final state: sixteen invariants, each in at most n log n.</summary>
public static class ConsistencyChecker
{
    public static Verdict Check(HistoryReader history, FinalState final) => Check(history, final, new CheckerOptions());

    public static Verdict Check(HistoryReader history, FinalState final, CheckerOptions options)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(final);
        ArgumentNullException.ThrowIfNull(options);
        CheckedRun run = new(history, final, options);
        StorageCheck.Run(run);
        ObservationCheck.Run(run);
        StreamCheck.Run(run);
        OrderCheck.Run(run);
        return TimeCheck.Run(run, Count(run));
    }

    private static VerdictCounts Count(CheckedRun run)
    {
        HashSet<(int Process, int Session)> bare = [];
        long received = 0, onWire = 0, resets = 0, gaps = 0, connects = 0, moves = 0, pages = 0;
        Span<long> sends = stackalloc long[4];
        foreach (ref readonly HistoryEntry entry in run.Entries)
        {
            (int, int) session = (entry.Process, entry.Session);
            switch (entry.Op)
            {
                case HistoryOp.Connect:
                    connects++;
                    if (entry.Text is SessionKinds.Wire or SessionKinds.SlowWire) bare.Add(session);
                    break;
                case HistoryOp.Send or HistoryOp.Probe:
                    sends[(int)entry.Outcome]++;
                    break;
                case HistoryOp.Receive when entry.Source is HistorySource.Live or HistorySource.Ring:
                    received++;
                    if (bare.Contains(session)) onWire++;
                    break;
                case HistoryOp.Reset when bare.Contains(session):
                    gaps++;
                    break;
                case HistoryOp.Reset:
                    resets++;
                    break;
                case HistoryOp.Join or HistoryOp.Leave:
                    moves++;
                    break;
                case HistoryOp.HistoryPage:
                    pages++;
                    break;
            }
        }

        return new VerdictCounts
        {
            Acked = sends[(int)HistoryOutcome.Ok],
            Rejected = sends[(int)HistoryOutcome.Fail],
            Unknown = sends[(int)HistoryOutcome.Info] + sends[(int)HistoryOutcome.None],
            Received = received,
            ReceivedOnWire = onWire,
            Resets = resets,
            Gaps = gaps,
            Connects = connects,
            MembershipChanges = moves,
            Pages = pages,
        };
    }
}

using Chat.Chaos.History;

namespace Chat.Chaos.Checker;

/// <summary>What PostgreSQL has at the end against what senders were told: I1, I2, I3, and I6 for what is stored.</summary>
internal static class StorageCheck
{
    public static void Run(CheckedRun run)
    {
        foreach (int index in run.Sends)
        {
            HistoryEntry send = run.Entries[index];
            if (send.Outcome == HistoryOutcome.Ok && send.Done < run.Final.ReadAt) CheckAcked(run, send);
        }

        foreach (FinalLog log in run.Logs) CheckLog(run, log);
    }

    private static void CheckAcked(CheckedRun run, HistoryEntry send)
    {
        FinalEvent row = default;
        bool isThere = run.Log(send.Chat) is { } log && log.TryGet(send.Seq, out row);
        if (isThere && row.Hash == send.Hash && row.ClientMessageId == send.ClientMessageId && row.Sender == send.User) return;

        run.Violations.Add(Invariant.I1AckedIsStored, () => (
            isThere ? "An acked message is not what stands at its sequence." : "An acked message is gone.",
            isThere ? [run.Tell(send), CheckedRun.Tell(send.Chat, row)] : [run.Tell(send)]));
    }

    private static void CheckLog(CheckedRun run, FinalLog log)
    {
        long chat = log.Chat.Id;
        Dictionary<(long, Guid), long> byId = [];
        Dictionary<ulong, long> byHash = [];
        long expected = 1;
        foreach (FinalEvent row in log.Chat.Events)
        {
            if (row.Seq != expected)
            {
                (long hole, long seq) = (expected, row.Seq);
                run.Violations.Add(Invariant.I3Dense, () => (
                    $"Chat {chat} has {(seq > hole ? "no event" : "two events")} at sequence {Math.Min(hole, seq)}.",
                    [CheckedRun.Tell(chat, row)]));
            }

            expected = row.Seq + 1;
            if (row.IsMessage) CheckMessage(run, chat, row, byId, byHash);
        }

        if (log.Chat.Head != expected - 1)
            run.Violations.Add(Invariant.I3Dense, () => ($"Chat {chat} ends at {expected - 1}, and its counter says {log.Chat.Head}.", []));
    }

    private static void CheckMessage(
        CheckedRun run, long chat, FinalEvent row, Dictionary<(long, Guid), long> byId, Dictionary<ulong, long> byHash)
    {
        bool sameId = !byId.TryAdd((row.Sender, row.ClientMessageId), row.Seq);
        if (sameId | !byHash.TryAdd(row.Hash, row.Seq))
        {
            long first = sameId ? byId[(row.Sender, row.ClientMessageId)] : byHash[row.Hash];
            run.Violations.Add(Invariant.I2EachOnce, () => (
                $"Chat {chat} has one message twice, at {first} and at {row.Seq}{(sameId ? "" : ", under two ids")}.",
                run.TryGetSend(row.Hash, out HistoryEntry sent)
                    ? [CheckedRun.Tell(chat, row), run.Tell(sent)]
                    : [CheckedRun.Tell(chat, row)]));
        }

        if (!run.TryGetSend(row.Hash, out HistoryEntry send) || send.Chat != chat || send.User != row.Sender)
        {
            run.Violations.Add(Invariant.I6NothingInvented, () => (
                "PostgreSQL has a message that its sender did not send to this chat.", [CheckedRun.Tell(chat, row)]));
        }
        else if (send.Outcome == HistoryOutcome.Fail)
        {
            run.Violations.Add(Invariant.I6NothingInvented, () => (
                "PostgreSQL has a message that was refused for good.", [CheckedRun.Tell(chat, row), run.Tell(send)]));
        }
    }
}

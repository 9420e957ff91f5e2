using System.Runtime.InteropServices;

using Chat.Chaos.History;

namespace Chat.Chaos.Checker;

/// <summary>What was over before something else began must show in it: I7 (order of sends), I9 (own writes), I10 (read markers).</summary>
internal sealed class OrderCheck(CheckedRun run)
{
    /// <summary>Of each user and chat, the highest acked sequence, by time of the ack.</summary>
    private readonly Dictionary<(long User, long Chat), RunningMaximum<int>> _acked = [];

    /// <summary>
    /// Of each user and chat, the highest read marker that was set, by time. One that an own message implies may be forgotten (ADR 0012).
    /// </summary>
    private readonly Dictionary<(long User, long Chat), RunningMaximum<int>> _marked = [];

    public static void Run(CheckedRun run)
    {
        OrderCheck check = new(run);
        check.Gather();
        check.CheckEntries();
        check.CheckMarkersAtEnd();
    }

    private void Gather()
    {
        ReadOnlySpan<HistoryEntry> entries = run.Entries;
        for (int i = 0; i < entries.Length; i++)
        {
            ref readonly HistoryEntry entry = ref entries[i];
            if (entry.Outcome != HistoryOutcome.Ok) continue;
            if (entry.Op is HistoryOp.Send or HistoryOp.Probe) Of(_acked, in entry).Add(entry.Done, entry.Seq, i);
            else if (entry.Op == HistoryOp.ReadMarker && entry.Source == HistorySource.None)
                Of(_marked, in entry).Add(entry.Done, entry.Seq, i);
        }
    }

    private void CheckEntries()
    {
        foreach (ref readonly HistoryEntry entry in run.Entries)
        {
            switch (entry.Op)
            {
                case HistoryOp.Send or HistoryOp.Probe when entry.Outcome == HistoryOutcome.Ok:
                    CheckSend(in entry);
                    break;
                case HistoryOp.HistoryPage:
                    CheckPage(in entry);
                    break;
                case HistoryOp.ReadMarker when entry.Source != HistorySource.None:
                    CheckMarker(in entry);
                    break;
            }
        }
    }

    private void CheckSend(in HistoryEntry send)
    {
        if (!Before(_acked, in send, out long highest, out int index) || highest < send.Seq) return;

        (HistoryEntry earlier, HistoryEntry later) = (run.Entries[index], send);
        run.Violations.Add(Invariant.I7RealTimeOrder, () => (
            $"User {later.User} sent a message after another one was acked, and it stands before that one.",
            [run.Tell(earlier), run.Tell(later)]));
    }

    private void CheckPage(in HistoryEntry page)
    {
        if (run.Log(page.Chat) is not { } log) return;

        HistoryEntry read = page;
        bool hasMore = page.Code != 0;
        if (!hasMore && Before(_acked, in page, out long highest, out int index) && highest > page.Seq && highest >= page.Cursor
            && log.MayBeSeenBy(page.User, highest))
        {
            HistoryEntry own = run.Entries[index];
            run.Violations.Add(Invariant.I9ReadYourWrites, () => (
                $"User {read.User} read chat {read.Chat} up to its end, {read.Seq}, after {own.Seq} was acked to them.",
                [run.Tell(own), run.Tell(read)]));
        }

        int visible = log.CountVisible(page.User, page.Cursor, page.Seq);
        if (page.Count >= visible) return;

        run.Violations.Add(Invariant.I12Complete, () => (
            $"A page of chat {read.Chat} says that it has all from {read.Cursor} to {read.Seq}: it has {read.Count} events, and there are "
                + $"{visible}.",
            [run.Tell(read)]));
    }

    private void CheckMarker(in HistoryEntry seen)
    {
        if (!Before(_marked, in seen, out long highest, out int index) || highest <= seen.Seq) return;

        (HistoryEntry earlier, HistoryEntry later) = (run.Entries[index], seen);
        run.Violations.Add(Invariant.I10MarkersMonotone, () => (
            $"The read marker of user {later.User} went back.", [run.Tell(earlier), run.Tell(later)]));
    }

    private void CheckMarkersAtEnd()
    {
        foreach (((long user, long chat), RunningMaximum<int> marks) in _marked)
        {
            if (run.Log(chat) is not { } log || !marks.TryGetBefore(long.MaxValue, out long highest, out int index)) continue;

            long stored = 0;
            foreach (FinalMember interval in log.IntervalsOf(user)) stored = Math.Max(stored, interval.ReadUpTo);
            if (stored >= highest) continue;

            run.Violations.Add(Invariant.I10MarkersMonotone, () => (
                $"The read marker of user {user} in chat {chat} is at {stored} at the end.", [run.Tell(run.Entries[index])]));
        }
    }

    private static bool Before(
        Dictionary<(long User, long Chat), RunningMaximum<int>> points, in HistoryEntry entry, out long highest, out int index)
    {
        (highest, index) = (0, 0);
        return points.TryGetValue((entry.User, entry.Chat), out RunningMaximum<int>? known)
            && known.TryGetBefore(entry.Invoke, out highest, out index);
    }

    private static RunningMaximum<int> Of(Dictionary<(long User, long Chat), RunningMaximum<int>> points, in HistoryEntry entry)
    {
        ref RunningMaximum<int>? known = ref CollectionsMarshal.GetValueRefOrAddDefault(points, (entry.User, entry.Chat), out _);
        return known ??= new RunningMaximum<int>();
    }
}

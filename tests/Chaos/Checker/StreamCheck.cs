using System.Runtime.InteropServices;

using Chat.Chaos.History;

namespace Chat.Chaos.Checker;

/// <summary>Each session's events in the order in which it got them: I5, I12, I13, I16.</summary>
internal sealed class StreamCheck(CheckedRun run)
{
    private readonly Dictionary<(int Process, int Session), Session> _sessions = [];

    public static void Run(CheckedRun run)
    {
        StreamCheck check = new(run);
        check.FindSessions();
        foreach (ref readonly HistoryEntry entry in run.Entries)
            if (entry.Session != 0 && check._sessions.TryGetValue((entry.Process, entry.Session), out Session? session))
                check.Take(session, in entry);
        foreach (Session session in check._sessions.Values)
            if (session.IsAtEnd) check.CheckEnd(session);
    }

    private void FindSessions()
    {
        foreach (ref readonly HistoryEntry entry in run.Entries)
        {
            if (entry.Session == 0) continue;

            ref Session? session = ref CollectionsMarshal.GetValueRefOrAddDefault(_sessions, (entry.Process, entry.Session), out _);
            session ??= new Session { User = entry.User };
            if (entry.Op == HistoryOp.Connect) session.Kind = entry.Text ?? SessionKinds.Sdk;
            else if (entry.Op == HistoryOp.Revoke) session.Revoked = entry;
            else if (entry.Op == HistoryOp.AtEnd) session.IsAtEnd = true;
        }
    }

    private void Take(Session session, in HistoryEntry entry)
    {
        switch (entry.Op)
        {
            case HistoryOp.Receive when entry.Source is HistorySource.Live or HistorySource.Ring:
                CheckRevoked(session, in entry);
                Advance(session, in entry);
                break;
            case HistoryOp.Connect when session.IsWire:
                session.Positions.Clear(); // a chat that it gives no position of is told from wherever the log stands
                break;
            case HistoryOp.Resume:
                Position(session, entry.Chat) = entry.Cursor;
                break;
            case HistoryOp.Reset:
                CheckReset(session, in entry);
                ref long position = ref Position(session, entry.Chat);
                position = Math.Max(position, entry.Cursor);
                break;
        }
    }

    private void Advance(Session session, in HistoryEntry got)
    {
        bool isFirst = !session.Positions.ContainsKey(got.Chat);
        ref long position = ref Position(session, got.Chat);
        long before = position;
        position = Math.Max(position, got.Seq);
        if (isFirst) return;

        if (got.Seq <= before)
        {
            if (session.IsWire) return; // the wire may repeat, protocol-spec.md §8.2

            HistoryEntry again = got;
            run.Violations.Add(Invariant.I5NoSilentSkip, () => (
                $"Session {again.Session} was given sequence {again.Seq} of chat {again.Chat} after {before}.", [run.Tell(again)]));
        }
        else if (got.Seq > before + 1 && run.Log(got.Chat) is { } log
            && log.FirstVisible(session.User, before, got.Seq) is var missed and > 0)
        {
            HistoryEntry next = got;
            run.Violations.Add(Invariant.I5NoSilentSkip, () => (
                $"Session {next.Session} ({session.Kind}) was given sequence {next.Seq} of chat {next.Chat} right after {before}: "
                    + $"{missed} is missing, and nothing said so.",
                [run.Tell(next), TellRow(log, missed)]));
        }
    }

    private void CheckRevoked(Session session, in HistoryEntry got)
    {
        if (session.Revoked is not { } revoked) return;

        TimeSpan inFault = run.Options.RevocationInFault;
        TimeSpan bound = run.Faults.Touch(revoked.Invoke, revoked.Done + Nanoseconds(inFault)) ? inFault : run.Options.Revocation;
        if (got.Done <= revoked.Done + Nanoseconds(bound)) return;

        HistoryEntry late = got;
        run.Violations.Add(Invariant.I13RevokedIsCut, () => (
            $"A device that was signed out still got an event, {(late.Done - revoked.Done) / 1e9:0.0} s later.",
            [run.Tell(revoked), run.Tell(late)]));
    }

    private void CheckReset(Session session, in HistoryEntry reset)
    {
        // On the wire a gap is right for who reads slowly, and while a fault is on or what it lost may still be on its way (promise P15):
        // who was made a member meanwhile is told where the chat stands. The SDK mends it, and its app never sees it.
        bool isLegal = session.IsWire
            ? session.Kind == SessionKinds.SlowWire || run.Faults.Touch(reset.Invoke - Nanoseconds(run.Options.Staleness), reset.Done)
            : run.Final.RenumberedChats.Contains(reset.Chat) || LostAccess(session.User, reset.Chat);
        if (isLegal) return;

        HistoryEntry wrong = reset;
        run.Violations.Add(Invariant.I16ResetsAreLegal, () => (
            $"Session {wrong.Session} ({session.Kind}) was told to start anew, and there was no reason for it.", [run.Tell(wrong)]));
    }

    private bool LostAccess(long user, long chat)
    {
        if (run.Log(chat) is not { } log) return true;
        foreach (FinalMember interval in log.IntervalsOf(user))
            if (interval.To is not null) return true;
        return false;
    }

    private void CheckEnd(Session session)
    {
        foreach (FinalLog log in run.Logs)
        {
            long last = log.LastVisible(session.User);
            bool isPlaced = session.Positions.TryGetValue(log.Chat.Id, out long position);
            if (last == 0 || position >= last) continue;

            // A bare connection knows only the chats that were told to it; an SDK client learns of every chat of its person.
            bool isExpected = isPlaced || (!session.IsWire && log.IsMemberAtEnd(session.User));
            long missed = isExpected ? log.FirstVisible(session.User, position, long.MaxValue) : 0;
            if (missed == 0) continue;

            run.Violations.Add(Invariant.I12Complete, () => (
                $"A client of user {session.User} ({session.Kind}) was connected at the end, and chat {log.Chat.Id} ended for it at "
                    + $"{position}; its end is {last}.",
                [TellRow(log, missed)]));
        }
    }

    private static string TellRow(FinalLog log, long seq) =>
        log.TryGet(seq, out FinalEvent row) ? CheckedRun.Tell(log.Chat.Id, row) : $"chat {log.Chat.Id} has no {seq}";

    private static ref long Position(Session session, long chat) =>
        ref CollectionsMarshal.GetValueRefOrAddDefault(session.Positions, chat, out _);

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;

    private sealed class Session
    {
        public required long User { get; init; }

        public string Kind { get; set; } = SessionKinds.Sdk;

        public bool IsWire => Kind != SessionKinds.Sdk;

        public HistoryEntry? Revoked { get; set; }

        public bool IsAtEnd { get; set; }

        /// <summary>The last sequence of each chat that the session was given, or told to go on after.</summary>
        public Dictionary<long, long> Positions { get; } = [];
    }
}

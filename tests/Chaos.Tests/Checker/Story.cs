using Chat.Chaos.Checker;
using Chat.Chaos.History;

namespace Chat.Chaos.Tests.Checker;

/// <summary>
/// A history written by hand: one chat, number 1, of Anna (10) and Ben (20), each with one SDK client (sessions 1 and 2). Times are in
/// milliseconds. <see cref="Store"/> puts into PostgreSQL what was sent.
/// </summary>
internal sealed class Story
{
    public const long Chat = 1, Anna = 10, Ben = 20, Cleo = 30;
    public const int AnnasClient = 1, BensClient = 2, BensWire = 3;

    private readonly List<HistoryEntry> _entries = [];
    private readonly List<FinalEvent> _rows = [];
    private FinalState _final = new() { Chats = [] };

    public List<FinalMember> Members { get; } = [new(Anna, 1, null), new(Ben, 1, null)];

    public long? Head { get; set; }

    /// <summary>A message that was sent at 100 · n, acked 10 ms later, stored at n, and seen by Ben 20 ms later.</summary>
    public Story Message(int n)
    {
        Send(n, at: 100 * n, acked: (100 * n) + 10);
        Store(n);
        return Receive(BensClient, Ben, n, at: (100 * n) + 30);
    }

    public Story Online(int session, long user, long at, string kind = SessionKinds.Sdk) =>
        Add(new HistoryEntry { Op = HistoryOp.Connect, Session = session, User = user, Text = kind, Invoke = Ms(at), Done = Ms(at) });

    public Story Send(
        int n, long at, long acked, long? seq = null, HistoryOutcome outcome = HistoryOutcome.Ok, HistoryOp op = HistoryOp.Send,
        long sender = Anna,
        long chat = Chat) =>
        Add(new HistoryEntry
        {
            Op = op,
            Session = AnnasClient,
            User = sender,
            Chat = chat,
            ClientMessageId = Id(n),
            Hash = HashOf(n),
            Seq = outcome == HistoryOutcome.Ok ? seq ?? n : 0,
            Outcome = outcome,
            Invoke = Ms(at),
            Done = Ms(acked),
        });

    public Story Store(int n, long? seq = null, int? id = null, int visibility = 0)
    {
        _rows.Add(new FinalEvent(seq ?? n, true, Anna, Id(id ?? n), HashOf(n), visibility));
        return this;
    }

    public Story Receive(
        int session, long user, int n, long at, long? seq = null, HistorySource source = HistorySource.Live, long chat = Chat) =>
        Add(new HistoryEntry
        {
            Op = HistoryOp.Receive,
            Source = source,
            Session = session,
            User = user,
            Chat = chat,
            ClientMessageId = Id(n),
            Hash = HashOf(n),
            Seq = seq ?? n,
            Invoke = Ms(at),
            Done = Ms(at),
        });

    public Story Page(long user, long from, long to, int count, long at, bool hasMore = false) =>
        Add(new HistoryEntry
        {
            Op = HistoryOp.HistoryPage,
            Source = HistorySource.Rest,
            User = user,
            Chat = Chat,
            Cursor = from,
            Seq = to,
            Count = count,
            Code = hasMore ? 1 : 0,
            Invoke = Ms(at),
            Done = Ms(at + 1),
        });

    public Story Mark(long user, long seq, long at, HistorySource source = HistorySource.None) =>
        Add(new HistoryEntry
        {
            Op = HistoryOp.ReadMarker,
            Source = source,
            Outcome = HistoryOutcome.Ok,
            User = user,
            Chat = Chat,
            Seq = seq,
            Invoke = Ms(at),
            Done = Ms(at + 1),
        });

    /// <summary>Something that is only an operation at a time.</summary>
    public Story Note(HistoryOp op, int session, long user, long at, long cursor = 0, string? text = null) =>
        Add(new HistoryEntry
        {
            Op = op,
            Session = session,
            User = user,
            Chat = op is HistoryOp.FaultBegin or HistoryOp.FaultEnd ? 0 : Chat,
            Cursor = cursor,
            Text = text,
            Invoke = Ms(at),
            Done = Ms(at),
        });

    public Story Fault(long from, long to) =>
        Note(HistoryOp.FaultBegin, 0, 0, from, text: "F").Note(HistoryOp.FaultEnd, 0, 0, to, text: "F");

    public Story Final(Func<FinalState, FinalState> change)
    {
        _final = change(_final);
        return this;
    }

    public Verdict Check() => ConsistencyChecker.Check(
        HistoryReader.FromEntries(_entries),
        _final with
        {
            Chats =
            [
                new FinalChat(
                    Chat, Head ?? _rows.Select(row => row.Seq).DefaultIfEmpty().Max(), 7, [.. _rows.OrderBy(row => row.Seq)], Members),
            ],
        });

    public static Guid Id(int n) => new(n, 0, 0, new byte[8]);

    private static ulong HashOf(int n) => (ulong)n + 1_000;

    private static long Ms(long milliseconds) => milliseconds * 1_000_000;

    private Story Add(HistoryEntry entry)
    {
        _entries.Add(entry with { Node = -1, Process = 1 });
        return this;
    }
}

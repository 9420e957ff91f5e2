namespace Chat.Chaos.History;

/// <summary>What a client did, or what happened to it.</summary>
public enum HistoryOp : byte
{
    None,

    /// <summary>A session came online.</summary>
    Connect,

    /// <summary>A session went offline; <see cref="HistoryEntry.Code"/> says why.</summary>
    Close,

    /// <summary>A message was sent; the outcome is the entry's.</summary>
    Send,

    /// <summary>A message sent after all faults were healed, to show that the service is alive.</summary>
    Probe,

    /// <summary>An event reached the app, or, on a bare connection, the client.</summary>
    Receive,

    /// <summary>From <see cref="HistoryEntry.Cursor"/> on the session expects every event of the chat.</summary>
    Resume,

    /// <summary>The session was told that events were skipped; it goes on after <see cref="HistoryEntry.Cursor"/>.</summary>
    Reset,

    /// <summary>
    /// A page of <see cref="HistoryEntry.Count"/> events was read that covers <see cref="HistoryEntry.Cursor"/> to
    /// <see cref="HistoryEntry.Seq"/>.
    /// </summary>
    HistoryPage,

    /// <summary>A read marker was set (no source), or seen at <see cref="HistoryEntry.Seq"/>.</summary>
    ReadMarker,

    /// <summary>A member was added.</summary>
    Join,

    /// <summary>A member was removed or left.</summary>
    Leave,

    /// <summary>A session's device was signed out.</summary>
    Revoke,

    /// <summary>A fault begins; <see cref="HistoryEntry.Text"/> names it.</summary>
    FaultBegin,

    /// <summary>The fault of that name is healed.</summary>
    FaultEnd,

    /// <summary>The session is connected at the end and has had the time to catch up.</summary>
    AtEnd,
}

/// <summary>On which way something came to the client.</summary>
public enum HistorySource : byte
{
    None,
    Live,
    Ring,
    History,
    Rest,
    Sql,
}

/// <summary>What became of an operation.</summary>
public enum HistoryOutcome : byte
{
    None,

    /// <summary>Done, and the client was told so.</summary>
    Ok,

    /// <summary>Refused for good: it must never show.</summary>
    Fail,

    /// <summary>Nobody knows: it may show, once.</summary>
    Info,
}

/// <summary>One line of a history: an operation of one client from its invocation to its end.</summary>
public readonly record struct HistoryEntry
{
    public HistoryOp Op { get; init; }

    public HistorySource Source { get; init; }

    public HistoryOutcome Outcome { get; init; }

    /// <summary>The client process.</summary>
    public int Process { get; init; }

    /// <summary>One client with its state over all its connections; unique within a process.</summary>
    public int Session { get; init; }

    /// <summary>Number of the session's connection, from 1.</summary>
    public int Connection { get; init; }

    /// <summary>The node that it was connected to, as an index of the workload's list; −1 if unknown.</summary>
    public int Node { get; init; }

    /// <summary>An error code, or the code of a close.</summary>
    public int Code { get; init; }

    /// <summary>Events in a page.</summary>
    public int Count { get; init; }

    /// <summary>The principal.</summary>
    public long User { get; init; }

    public long Chat { get; init; }

    public Guid ClientMessageId { get; init; }

    /// <summary>Sequence in the chat; 0 if unknown.</summary>
    public long Seq { get; init; }

    /// <summary>Hash of the payload, <see cref="Workload.ChaosPayload.Hash"/>; 0 for an event that is no message.</summary>
    public ulong Hash { get; init; }

    /// <summary>A position: see <see cref="HistoryOp"/>.</summary>
    public long Cursor { get; init; }

    /// <summary>Monotonic nanoseconds of the machine at the start.</summary>
    public long Invoke { get; init; }

    /// <summary>Monotonic nanoseconds at the end.</summary>
    public long Done { get; init; }

    /// <summary>Unix milliseconds at the end; for people, never for judging.</summary>
    public long Wall { get; init; }

    /// <summary>A reason or a name.</summary>
    public string? Text { get; init; }
}

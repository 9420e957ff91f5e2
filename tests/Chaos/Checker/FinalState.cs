using Chat.Chaos.History;

namespace Chat.Chaos.Checker;

/// <summary>One row of a chat's log as PostgreSQL has it at the end.</summary>
/// <param name="Seq">Its sequence.</param>
/// <param name="IsMessage">Whether it is a message; else a membership event or a name.</param>
/// <param name="Sender">Who.</param>
/// <param name="ClientMessageId">A message's id.</param>
/// <param name="Hash">Of a message's text.</param>
/// <param name="Visibility">0: for every member.</param>
public readonly record struct FinalEvent(long Seq, bool IsMessage, long Sender, Guid ClientMessageId, ulong Hash, int Visibility = 0);

/// <summary>One interval of membership.</summary>
/// <param name="User">Who.</param>
/// <param name="From">First sequence seen.</param>
/// <param name="To">Last sequence seen; null: still a member.</param>
/// <param name="ReadUpTo">The read marker.</param>
public readonly record struct FinalMember(long User, long From, long? To, long ReadUpTo = 0);

/// <summary>A chat at the end.</summary>
/// <param name="Id">The chat.</param>
/// <param name="Head">Its counter.</param>
/// <param name="Epoch">Its numbering.</param>
/// <param name="Events">Ascending by sequence.</param>
/// <param name="Members">All intervals.</param>
public sealed record FinalChat(
    long Id, long Head, long Epoch, IReadOnlyList<FinalEvent> Events, IReadOnlyList<FinalMember> Members);

/// <summary>What is true when everything is over.</summary>
public sealed record FinalState
{
    public required IReadOnlyList<FinalChat> Chats { get; init; }

    /// <summary>
    /// When PostgreSQL was read, by <see cref="HistoryClock"/>: what was acked or seen later says nothing of it. Default: after everything.
    /// </summary>
    public long ReadAt { get; init; } = long.MaxValue;

    /// <summary>Clients that did not come back, or whose messages have no outcome.</summary>
    public IReadOnlyList<string> StuckClients { get; init; } = [];

    /// <summary>Probes that were to be acked.</summary>
    public int ProbesWanted { get; init; }

    /// <summary>Principals that may see what is for staff only.</summary>
    public IReadOnlySet<long> Staff { get; init; } = new HashSet<long>();

    /// <summary>Chats whose numbering was replaced during the run: there a reset is right.</summary>
    public IReadOnlySet<long> RenumberedChats { get; init; } = new HashSet<long>();

    /// <summary>What was read through REST at the end; each entry as <see cref="HistoryOp.Receive"/> with its source.</summary>
    public IReadOnlyList<HistoryEntry> ReadAtEnd { get; init; } = [];
}

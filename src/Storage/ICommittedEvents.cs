namespace Chat.Storage;

/// <summary>Hears of events after their COMMIT and before any waiter learns the outcome (D3), and of those that may be committed.</summary>
public interface ICommittedEvents
{
    /// <summary>
    /// Takes the events of one transaction, ascending by sequence within each chat. The list is the receiver's until it returns, the events
    /// for ever. Called from the chat log's loop and from
    /// <see cref="Chats.MembershipStore"/>, concurrently: events of one chat from two calls may come in either order, and the receiver
    /// puts them in order by sequence. An event may be told again when its first reply was lost; a known sequence is to be dropped.
    /// Must not block and must not throw: the log's loop waits for it.
    /// </summary>
    void OnCommitted(IReadOnlyList<EventRow> events);

    /// <summary>
    /// A transaction that adds events to these chats got no answer to its COMMIT: they may be stored, and nobody else is told. The receiver
    /// finds out how far the chats go and tells it. Called as <see cref="OnCommitted"/> is, while the process stops too, before the one who
    /// waits hears that the outcome is unknown. Must not block and must not throw.
    /// </summary>
    void OnInDoubt(IReadOnlyCollection<long> chatIds);
}

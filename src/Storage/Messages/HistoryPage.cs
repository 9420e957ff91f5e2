namespace Chat.Storage.Messages;

/// <summary>A page of a chat's log within the asker's membership intervals (protocol-spec.md §6.18).</summary>
/// <param name="HeadSequence">Newest sequence that the asker may see.</param>
/// <param name="Events">Ascending by sequence.</param>
/// <param name="CoversFrom">With <paramref name="CoversTo"/>, both included: the asker now holds everything it may see between them.
/// Empty: CoversTo + 1.</param>
/// <param name="HasMore">There is more in the direction asked for.</param>
public sealed record HistoryPage(
    long Epoch,
    long HeadSequence,
    IReadOnlyList<EventRow> Events,
    long CoversFrom,
    long CoversTo,
    bool HasMore);

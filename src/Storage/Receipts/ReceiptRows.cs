namespace Chat.Storage.Receipts;

public enum ReceiptStatus : byte
{
    /// <summary>The watermark is at least where it was asked to be, or at the head.</summary>
    Stored,

    NotAMember,

    /// <summary>Storage does not answer; it may or may not be stored.</summary>
    Unavailable,

    /// <summary>Too many are waiting; not stored.</summary>
    Busy,
}

/// <summary>A member's watermarks after they moved.</summary>
/// <param name="MemberCount">Members of the chat at that time.</param>
/// <param name="Audience">What of it the others may know.</param>
/// <param name="InboxChatId">The member's inbox, when <paramref name="Audience"/> is not everybody; otherwise 0.</param>
/// <param name="DeliveredBefore">Where it stood before; the same where it did not move.</param>
/// <param name="ReadBefore">Where it stood before; the same where it did not move.</param>
/// <param name="RaisedAt">When the member did what moved them, where that was a while before they were stored; else null: now.</param>
public readonly record struct ReceiptRow(
    long ChatId,
    long PrincipalId,
    long DeliveredUpTo,
    long ReadUpTo,
    int MemberCount,
    ReceiptAudience Audience = ReceiptAudience.Everybody,
    long InboxChatId = 0,
    long DeliveredBefore = 0,
    long ReadBefore = 0,
    DateTimeOffset? RaisedAt = null);

/// <summary>Who may know of a member's watermarks; the numbers are those of the statement that moves them.</summary>
public enum ReceiptAudience : byte
{
    Everybody = 0,

    /// <summary>The others learn what was delivered, not what was read.</summary>
    ReadsAreHidden = 1,

    /// <summary>
    /// One of the two of a direct chat has blocked the other, or it is a channel: nobody but the member's own devices.
    /// </summary>
    OwnDevices = 2,
}

/// <summary>Hears of watermarks that moved, after their COMMIT and before the waiters. Must not block and must not throw.</summary>
public interface IReceiptSink
{
    void OnStored(IReadOnlyList<ReceiptRow> changed);

    /// <summary>
    /// Watermarks that rose because their members wrote, some seconds later: clients know of them from the messages. Not called by the same
    /// thread as <see cref="OnStored"/>, and perhaps at the same time.
    /// </summary>
    void OnReadByWriting(IReadOnlyList<ReceiptRow> changed)
    {
    }
}

/// <summary>How receipts are batched.</summary>
public sealed record ReceiptOptions
{
    /// <summary>Least time from the start of one batch to the next, so that watermarks coalesce. Zero: none. Default 50 ms.</summary>
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Time from one storing of what members read by writing to the next. Default 2 s.</summary>
    public TimeSpan OwnMarkInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Most members in one update. Default 2,000.</summary>
    public int MaxBatchMembers { get; init; } = 2_000;

    /// <summary>Most calls waiting; more are told <see cref="ReceiptStatus.Busy"/>. Default 50,000.</summary>
    public int MaxWaiting { get; init; } = 50_000;

    /// <summary>How long a call may wait for its outcome. Default 10 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>First pause after a fault; doubles up to <see cref="MaxBackOff"/>. Default 50 ms.</summary>
    public TimeSpan MinBackOff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause between attempts. Default 2 s.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(2);
}

using Chat.Storage.ChatLog;

namespace Chat.Storage.Scheduled;

/// <summary>Numbers of <c>scheduled_messages.state</c>. On disk: append, never edit.</summary>
public static class ScheduledStates
{
    public const short Waiting = 1;
    public const short Sending = 2;
    public const short Failed = 3;
    public const short Sent = 4;
    public const short Cancelled = 5;
}

/// <summary>What a scheduled message says, as the chat log will store it.</summary>
/// <param name="Content">What it is beside its text, as JSON; null for plain text.</param>
/// <param name="BlobId">The file that <paramref name="Content"/> names, which is kept meanwhile.</param>
public sealed record ScheduledContent(string Text, long? ReplyTo, string? Content, Guid? BlobId);

/// <summary>A message that is to be sent later.</summary>
/// <param name="ClientMessageId">The key that makes a retry safe, of this request and of the sending.</param>
/// <param name="Digest">Of all that was asked: tells a retry from another use of the id.</param>
/// <param name="DueAtMs">Unix milliseconds.</param>
public sealed record NewScheduled(long ChatId, Guid ClientMessageId, byte[] Digest, long DueAtMs, ScheduledContent Message);

/// <summary>A change of a scheduled message.</summary>
/// <param name="Version">The one that the change was made from; null for any.</param>
/// <param name="DueAtMs">Null: as before.</param>
/// <param name="Message">Null: as before.</param>
public sealed record ScheduledChange(int? Version, long? DueAtMs, ScheduledContent? Message);

/// <summary>When a message may be due, how many a person may have, and for how long a file is kept that no message shows.</summary>
/// <param name="MaxOpen">0 for any number.</param>
public sealed record ScheduledBounds(TimeSpan Soonest, TimeSpan Latest, int MaxOpen, TimeSpan UnshownFor);

/// <summary>A scheduled message.</summary>
/// <param name="Text">Null once it was sent or cancelled, as all that it says.</param>
/// <param name="Reason">The number of the error for which it was not sent.</param>
/// <param name="Sequence">In the chat, once it was sent.</param>
/// <param name="Digest">Of what was asked first.</param>
public sealed record ScheduledRow(
    long Id, long SenderId, long ChatId, Guid ClientMessageId, short State, string? Text, long? ReplyTo, string? Content, long DueAtMs,
    long CreatedAtMs, long ChangedAtMs, int Version, short? Reason, long? Sequence, byte[] Digest);

/// <summary>A message that this node is to send now.</summary>
/// <param name="Attempt">Tells this claim from those before and after it.</param>
/// <param name="Faults">How often it was not sent, and not refused, since it was scheduled or changed.</param>
/// <param name="IsInDoubt">A claim before ended without a word: it may be sent already.</param>
/// <param name="IsSenderBlocked">An operator has blocked the sender's account.</param>
/// <param name="SenderKind">Number of <c>principals.kind</c>.</param>
public sealed record ClaimedMessage(
    long Id, long SenderId, long ChatId, Guid ClientMessageId, string Text, long? ReplyTo, string? Content, int Attempt, int Faults, bool IsInDoubt,
    bool IsSenderBlocked, short SenderKind);

/// <summary>What became of a request about a scheduled message.</summary>
/// <param name="Refusal">With <see cref="ScheduledStatus.Refused"/>: what the chat log would say.</param>
/// <param name="Row">With <see cref="ScheduledStatus.Done"/>.</param>
public sealed record ScheduledAnswer(ScheduledStatus Status, ScheduledRow? Row = null, AppendStatus Refusal = AppendStatus.Appended);

/// <inheritdoc cref="ScheduledAnswer"/>
public enum ScheduledStatus : byte
{
    Done,

    /// <summary>The sender has none with this id.</summary>
    NotFound,

    /// <summary>There is no such person.</summary>
    SenderNotFound,

    /// <summary>The client's id was used for another message.</summary>
    IdReused,

    /// <summary>Too soon, past, or too far away.</summary>
    TimeOutOfRange,

    /// <summary>The person has as many as may be.</summary>
    TooMany,

    /// <summary>The file is gone.</summary>
    FileNotFound,

    /// <summary>It is being sent, was sent or cancelled, or was changed elsewhere.</summary>
    NotChangeable,

    /// <summary>The chat log would not take it.</summary>
    Refused,
}

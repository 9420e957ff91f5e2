namespace Chat.Sdk.Scheduled;

/// <summary>Where a scheduled message stands.</summary>
public enum ScheduledState
{
    /// <summary>A state that came after this version.</summary>
    Unknown = 0,

    /// <summary>Its time has not come.</summary>
    Waiting = 1,

    /// <summary>It goes to the chat just now, and cannot be changed.</summary>
    Sending = 2,

    /// <summary>The chat refused it: change it, send it now, or cancel it.</summary>
    Failed = 3,

    /// <summary>It is in the chat.</summary>
    Sent = 4,

    /// <summary>It was taken back in time.</summary>
    Cancelled = 5,
}

/// <summary>What a scheduled message says.</summary>
/// <param name="Text">As of a message that is sent at once.</param>
/// <param name="ReplyTo">The sequence of the message of the chat that is answered.</param>
/// <param name="Content">What it is beside its text; null for plain text.</param>
public sealed record ScheduledWords(string Text, long? ReplyTo = null, MessageContent? Content = null);

/// <summary>A message to be sent later.</summary>
/// <param name="ChatId">Where it goes.</param>
/// <param name="DueAt">When: 10 seconds to 366 days from now.</param>
/// <param name="Words">What it says.</param>
public sealed record NewScheduledMessage(long ChatId, DateTimeOffset DueAt, ScheduledWords Words)
{
    /// <summary>Given to a retry again, it is scheduled, and sent, once. A copy made by <c>with</c> keeps it: give another message another one.</summary>
    public Guid ClientMessageId { get; init; } = Guid.NewGuid();
}

/// <summary>A scheduled message of one's own.</summary>
/// <param name="Id">Which one.</param>
/// <param name="ChatId">Where it goes.</param>
/// <param name="ClientMessageId">The id that the message has when it is sent.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Words">What it says; null once it was sent or cancelled.</param>
/// <param name="DueAt">When it is to be sent.</param>
/// <param name="CreatedAt">When it was scheduled.</param>
/// <param name="ChangedAt">When something of it changed last.</param>
/// <param name="Version">Grows with every change.</param>
/// <param name="Reason">Why it failed: the name of an error code.</param>
/// <param name="Sequence">In the chat, once it was sent.</param>
public sealed record ScheduledMessage(
    long Id, long ChatId, Guid ClientMessageId, ScheduledState State, ScheduledWords? Words, DateTimeOffset DueAt, DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt, int Version, string? Reason, long? Sequence);

/// <summary>A page of scheduled messages.</summary>
/// <param name="Items">Those that wait, are being sent or failed, by due time.</param>
/// <param name="NextCursor">Where the next page starts; null on the last one.</param>
public sealed record ScheduledPage(IReadOnlyList<ScheduledMessage> Items, string? NextCursor);

/// <summary>A scheduled message of one's own waits, waits otherwise, was sent, failed or was cancelled; on whichever device.</summary>
/// <param name="ChatId">Where it goes.</param>
/// <param name="Id">Which one.</param>
public sealed record ScheduledChange(long ChatId, long Id);

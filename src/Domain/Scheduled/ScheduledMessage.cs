using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Storage.Scheduled;

namespace Chat.Domain.Scheduled;

/// <summary>Where a scheduled message stands. Numbers as stored: append, never edit.</summary>
public enum ScheduledState : byte
{
    None = 0,

    /// <summary>Its time has not come.</summary>
    Waiting = 1,

    /// <summary>It goes to the chat just now, or is tried again because it may have got there.</summary>
    Sending = 2,

    /// <summary>The chat refused it. Changed it waits again.</summary>
    Failed = 3,

    /// <summary>It is in the chat.</summary>
    Sent = 4,

    /// <summary>Its sender took it back in time.</summary>
    Cancelled = 5,
}

/// <summary>What a message is to say.</summary>
/// <param name="Text">As a message's.</param>
/// <param name="ReplyTo">The sequence of the message answered; null for none.</param>
/// <param name="Content">What it is beside its text; null for plain text.</param>
public sealed record ScheduledWords(string Text, long? ReplyTo, WireContent? Content);

/// <summary>A scheduled message, as its sender sees it.</summary>
/// <param name="Words">Null once it was sent or cancelled.</param>
/// <param name="Reason">Why it was not sent.</param>
/// <param name="Sequence">In the chat, once it was sent.</param>
public sealed record ScheduledMessage(
    long Id, long ChatId, Guid ClientMessageId, ScheduledState State, ScheduledWords? Words, long DueAtMs, long CreatedAtMs, long ChangedAtMs,
    int Version, ErrorCode? Reason, long? Sequence)
{
    internal static ScheduledMessage From(ScheduledRow row) => new(
        row.Id, row.ChatId, row.ClientMessageId, (ScheduledState)row.State,
        row.Text is { } text ? new ScheduledWords(text, row.ReplyTo, ScheduledRules.ReadContent(row.Content)) : null,
        row.DueAtMs, row.CreatedAtMs, row.ChangedAtMs, row.Version, (ErrorCode?)row.Reason, row.Sequence);
}

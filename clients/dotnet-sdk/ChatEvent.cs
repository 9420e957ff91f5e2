using Chat.Protocol.Codes;

namespace Chat.Sdk;

/// <summary>What <see cref="ChatClient.ReadEventsAsync"/> yields: a durable event of a chat, or the notice that some were skipped.</summary>
/// <param name="ChatId">The chat.</param>
public abstract record ChatEvent(long ChatId);

/// <summary>One durable entry of a chat's log: a message, a join, a new name. Each is yielded exactly once and in order.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Epoch">The numbering that the sequence belongs to.</param>
/// <param name="Sequence">The number in the chat, from 1, dense.</param>
/// <param name="Kind">What happened. A kind that this library does not know has its place and nothing to show.</param>
/// <param name="SenderId">Who did it.</param>
/// <param name="CreatedAt">Time of the commit; for showing only, order is the sequence.</param>
/// <param name="Text">The message's text, or the chat's name for <see cref="EventKind.ChatCreated"/> and <see cref="EventKind.Renamed"/>.</param>
/// <param name="SubjectId">The member whom a membership event is about.</param>
/// <param name="Role">The member's role, where the event sets one.</param>
public record ChatLogEvent(
    long ChatId,
    long Epoch,
    long Sequence,
    EventKind Kind,
    long SenderId,
    DateTimeOffset CreatedAt,
    string? Text,
    long? SubjectId,
    MemberRole? Role) : ChatEvent(ChatId);

/// <summary>A message.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Epoch">The numbering that the sequence belongs to.</param>
/// <param name="Sequence">The number in the chat.</param>
/// <param name="SenderId">Who wrote it.</param>
/// <param name="CreatedAt">Time of the commit.</param>
/// <param name="Text">What they wrote.</param>
/// <param name="ClientMessageId">The sender's key of this message.</param>
/// <param name="ReplyTo">The sequence of the message that this one answers.</param>
/// <param name="IsOwn">Whether the signed-in principal wrote it, on this device or another.</param>
public sealed record ChatMessage(
    long ChatId,
    long Epoch,
    long Sequence,
    long SenderId,
    DateTimeOffset CreatedAt,
    string Text,
    Guid ClientMessageId,
    long? ReplyTo,
    bool IsOwn) : ChatLogEvent(ChatId, Epoch, Sequence, EventKind.Message, SenderId, CreatedAt, Text, null, null)
{
    /// <summary>What the sender wrote.</summary>
    public new string Text { get; init; } = Text;
}

/// <summary>
/// The events between the last one yielded and <paramref name="ContinuesAfter"/> were not yielded: the position was void. What the app
/// shows of this chat is to be read anew with <see cref="ChatHandle.HistoryAsync"/>.
/// </summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Epoch">The numbering from here on.</param>
/// <param name="ContinuesAfter">The next event of this chat has a higher sequence than this.</param>
/// <param name="Reason">For the developer.</param>
public sealed record ChatDiscontinuity(long ChatId, long Epoch, long ContinuesAfter, string Reason) : ChatEvent(ChatId);

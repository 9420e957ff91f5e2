namespace Chat.Storage;

/// <summary>One durable entry of a chat's log, as stored. Immutable: a row of <c>events</c> never changes.</summary>
/// <param name="Sequence">Dense per chat, from 1.</param>
/// <param name="Kind">One of <see cref="EventKinds"/>.</param>
/// <param name="CreatedAtMs">PostgreSQL's time in the transaction that stored it, Unix milliseconds. For showing only.</param>
/// <param name="ReplyTo">Column <c>target_sequence</c>.</param>
/// <param name="Text">Column <c>body</c>: the message, or the name for chat_created and renamed.</param>
/// <param name="SubjectId">The member (kinds 3, 4, 5, 7) or the chat (kinds 8, 9).</param>
/// <param name="Role">Column <c>subject_role</c>: the member's role (kinds 3, 7).</param>
public sealed record EventRow(
    long ChatId,
    long Sequence,
    short Kind,
    long SenderId,
    long CreatedAtMs,
    Guid? ClientMessageId,
    long? ReplyTo,
    string? Text,
    long? SubjectId,
    short? Role);

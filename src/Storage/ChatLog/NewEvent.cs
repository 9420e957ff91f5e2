namespace Chat.Storage.ChatLog;

/// <summary>
/// A message that wants to be in a chat's log. The text was validated by the caller: UTF-8, no U+0000, within the limits. A struct, because
/// there is one for every message and a pooled waiter holds it.
/// </summary>
/// <param name="Content">What the message is beside its text, as JSON, validated by the caller too; null for plain text.</param>
public readonly record struct NewEvent(
    long ChatId, long SenderId, short Kind, Guid ClientMessageId, long? ReplyTo, string Text, string? Content = null);

namespace Chat.Storage.ChatLog;

/// <summary>
/// A message that wants to be in a chat's log. The text was validated by the caller: UTF-8, no U+0000, within the limits.
/// </summary>
public sealed record NewEvent(long ChatId, long SenderId, short Kind, Guid ClientMessageId, long? ReplyTo, string Text);

using Chat.Protocol.Frames.Elements;

namespace Chat.Domain.Messages;

/// <summary>A message that a member wants to be in a chat.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="ClientMessageId">Made by the client, random; the key that makes a retry safe (D4).</param>
/// <param name="Text">1 to 16,384 bytes of UTF-8, no U+0000.</param>
/// <param name="Content">What it is beside its text; null for plain text.</param>
/// <param name="ReplyTo">The sequence of the message answered; null for none.</param>
public readonly record struct SendMessageInput(long ChatId, Guid ClientMessageId, string Text, long? ReplyTo, WireContent? Content = null)
{
    /// <summary>It names a file or a status, or shows a page's card, which is looked at before the message reaches the log.</summary>
    public bool IsLookedUp => Content is { Media: not null } or { Status: not null } or { Link: not null };

    /// <summary>The file that it shows: what it carries, or the picture of the page that it links to. Null for none.</summary>
    public WireMedia? File => Content?.Media ?? Content?.Link?.Image;
}

using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>A page of the caller's chats, most recently active first.</summary>
/// <param name="Chats">The rows as the caller sees them.</param>
/// <param name="NextCursor">What to send for the next page; null on the last one.</param>
public sealed record ChatList(IReadOnlyList<ChatRow> Chats, string? NextCursor);

using Chat.Protocol.Codes;

namespace Chat.Sdk;

/// <summary>A chat as a list shows it; a snapshot.</summary>
public sealed record ChatSummary
{
    /// <summary>The chat.</summary>
    public required long ChatId { get; init; }

    /// <summary>Direct, group or channel.</summary>
    public required ChatKind Kind { get; init; }

    /// <summary>The group's name, or the other person's of a direct chat.</summary>
    public required string? Name { get; init; }

    /// <summary>The signed-in principal's role.</summary>
    public required MemberRole Role { get; init; }

    /// <summary>The signed-in principal sees nothing before this sequence.</summary>
    public required long JoinedAtSequence { get; init; }

    /// <summary>The newest sequence.</summary>
    public required long HeadSequence { get; init; }

    /// <summary>How far the signed-in principal has got the messages, on any device.</summary>
    public long DeliveredUpTo { get; init; }

    /// <summary>How far the signed-in principal has read, on any device.</summary>
    public required long ReadUpTo { get; init; }

    /// <summary>Messages that are not read.</summary>
    public long Unread { get; init; }

    /// <summary>The unread messages that mention the signed-in principal; null for none.</summary>
    public UnreadMentions? Mentions { get; init; }

    /// <summary>Every other member has got the messages up to here.</summary>
    public required long OthersDeliveredUpTo { get; init; }

    /// <summary>Every other member has read the messages up to here.</summary>
    public required long OthersReadUpTo { get; init; }

    /// <summary>Members, the signed-in principal included.</summary>
    public required int MemberCount { get; init; }

    /// <summary>The other person of a direct chat.</summary>
    public required long? PeerId { get; init; }

    /// <summary>The other person's name of a direct chat.</summary>
    public string? PeerName { get; init; }

    /// <summary>The newest event, if known; what was done to a message is seen in the message.</summary>
    public required ChatLogEvent? LastEvent { get; init; }

    /// <summary>Time of the newest event that is more than a change of a message; lists run by it.</summary>
    public required DateTimeOffset LastActivity { get; init; }

    /// <summary>What the chat is to the signed-in principal alone; <see cref="ChatHandle.Settings"/> changes it.</summary>
    public ChatOwnSettings Own { get; init; } = new();

    /// <summary>What a group or channel is to everybody in it, beside its name.</summary>
    public ChatDetails Details { get; init; } = new();
}

/// <summary>Unread messages of a chat that mention the signed-in principal.</summary>
/// <param name="Count">How many; 1,000 may be more.</param>
/// <param name="First">The sequence of the first of them.</param>
public sealed record UnreadMentions(int Count, long First);

/// <summary>Says that the list of chats changed.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Kind">How it changed.</param>
public sealed record ChatListChange(long ChatId, ChatListChangeKind Kind);

/// <summary>How the list of chats changed.</summary>
public enum ChatListChangeKind : byte
{
    /// <summary>A chat came.</summary>
    Added = 0,

    /// <summary>A chat's summary is another.</summary>
    Updated = 1,

    /// <summary>The signed-in principal is not a member any longer.</summary>
    Removed = 2,
}

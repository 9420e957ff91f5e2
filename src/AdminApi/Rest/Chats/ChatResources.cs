using System.ComponentModel.DataAnnotations;
using Chat.AdminApi.Rest.Messages;
using Chat.Protocol.Codes;
using Chat.Storage.Chats;

namespace Chat.AdminApi.Rest.Chats;

/// <summary>With whom a direct chat is to be opened.</summary>
internal sealed record OpenChatBody
{
    /// <summary>The other person's id.</summary>
    [Required]
    public WholeNumber? PrincipalId { get; init; }
}

/// <summary>A group's new name.</summary>
internal sealed record ChatNameBody
{
    /// <summary>The name, 1 to 255 characters.</summary>
    [Required]
    public string? Name { get; init; }
}

/// <summary>A chat as the caller, a member of it, sees it.</summary>
internal sealed record ChatResource
{
    /// <summary>The chat's id.</summary>
    public required long ChatId { get; init; }

    /// <summary>What kind of chat it is.</summary>
    public required ChatKind Kind { get; init; }

    /// <summary>Identity of the numbering; another one voids every sequence held.</summary>
    public required long Epoch { get; init; }

    /// <summary>The group's name; null for a direct chat.</summary>
    public string? Name { get; init; }

    /// <summary>The caller's role.</summary>
    public required MemberRole Role { get; init; }

    /// <summary>The caller sees nothing before this sequence.</summary>
    public required long JoinedAtSequence { get; init; }

    /// <summary>Sequence of the newest event.</summary>
    public required long HeadSequence { get; init; }

    /// <summary>Up to where the caller's devices have taken the events.</summary>
    public required long DeliveredUpTo { get; init; }

    /// <summary>Up to where the caller has read.</summary>
    public required long ReadUpTo { get; init; }

    /// <summary>Number of messages that the caller has not read.</summary>
    public required long Unread { get; init; }

    /// <summary>The lowest delivered watermark of all other members.</summary>
    public required long OthersDeliveredUpTo { get; init; }

    /// <summary>The lowest read watermark of all other members.</summary>
    public required long OthersReadUpTo { get; init; }

    /// <summary>Number of members, the caller included.</summary>
    public required int MemberCount { get; init; }

    /// <summary>The other person of a direct chat; null for a group.</summary>
    public long? PeerId { get; init; }

    /// <summary>The other person's name; null for a group.</summary>
    public string? PeerName { get; init; }

    /// <summary>The newest event.</summary>
    public EventResource? LastEvent { get; init; }

    /// <summary>When the chat was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the newest event happened that is more than a change of a message; lists run by it.</summary>
    public required DateTimeOffset LastActivityAt { get; init; }

    public static ChatResource From(ChatRow row) => new()
    {
        ChatId = row.ChatId,
        Kind = (ChatKind)row.Kind,
        Epoch = row.Epoch,
        Name = row.Name,
        Role = (MemberRole)row.Role,
        JoinedAtSequence = row.JoinedAtSequence,
        HeadSequence = row.HeadSequence,
        DeliveredUpTo = row.DeliveredUpTo,
        ReadUpTo = row.ReadUpTo,
        Unread = row.Unread,
        OthersDeliveredUpTo = row.OthersDeliveredUpTo,
        OthersReadUpTo = row.OthersReadUpTo,
        MemberCount = row.MemberCount,
        PeerId = row.PeerId,
        PeerName = row.PeerName,
        LastEvent = row.LastEvent is { } last ? EventResource.From(last) : null,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAtMs),
        LastActivityAt = DateTimeOffset.FromUnixTimeMilliseconds(row.LastActivityMs),
    };
}

/// <summary>A member of a chat.</summary>
internal sealed record MemberResource
{
    /// <summary>The person's id.</summary>
    public required long PrincipalId { get; init; }

    /// <summary>The person's name.</summary>
    public required string Name { get; init; }

    /// <summary>The role in this chat.</summary>
    public required MemberRole Role { get; init; }

    /// <summary>Up to where the member's devices have taken the events.</summary>
    public required long DeliveredUpTo { get; init; }

    /// <summary>Up to where the member has read.</summary>
    public required long ReadUpTo { get; init; }

    /// <summary>The member sees nothing before this sequence.</summary>
    public required long JoinedAtSequence { get; init; }

    public static MemberResource From(MemberRow row) => new()
    {
        PrincipalId = row.PrincipalId,
        Name = row.Name,
        Role = (MemberRole)row.Role,
        DeliveredUpTo = row.DeliveredUpTo,
        ReadUpTo = row.ReadUpTo,
        JoinedAtSequence = row.JoinedAtSequence,
    };
}

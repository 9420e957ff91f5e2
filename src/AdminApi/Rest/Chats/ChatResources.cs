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

/// <summary>What of a group or channel is to be changed; what is left out stays, an empty text clears.</summary>
internal sealed record ChatBody
{
    /// <summary>The name, 1 to 255 characters.</summary>
    public string? Name { get; init; }

    /// <summary>What it is about, at most 500 characters.</summary>
    public string? Description { get; init; }

    /// <summary>A reference to a picture.</summary>
    public string? Avatar { get; init; }

    /// <summary>The name of a theme: 1 to 32 of a to z, 0 to 9 and '-'.</summary>
    public string? Theme { get; init; }

    /// <summary>A channel's public name: 4 to 32 of a to z, 0 to 9 and '_'.</summary>
    public string? Handle { get; init; }

    /// <summary>Who may do what; only an admin changes it, and only in a group.</summary>
    public ChatPermissionsBody? Permissions { get; init; }

    public ChatDetailsChange ToChange() => new()
    {
        Name = Name,
        Description = Description,
        Avatar = Avatar,
        Theme = Theme,
        Handle = Handle,
        SendRole = (short?)Permissions?.Send,
        EditRole = (short?)Permissions?.Edit,
        AddRole = (short?)Permissions?.Add,
    };
}

/// <summary>The least role that may do something; what is left out stays.</summary>
internal sealed record ChatPermissionsBody
{
    /// <summary>Write messages.</summary>
    public MemberRole? Send { get; init; }

    /// <summary>Change name, description, picture and theme.</summary>
    public MemberRole? Edit { get; init; }

    /// <summary>Add people and make invite links.</summary>
    public MemberRole? Add { get; init; }
}

/// <summary>The least role that may do something.</summary>
internal sealed record ChatPermissions
{
    /// <summary>Write messages.</summary>
    public required MemberRole Send { get; init; }

    /// <summary>Change name, description, picture and theme.</summary>
    public required MemberRole Edit { get; init; }

    /// <summary>Add people and make invite links.</summary>
    public required MemberRole Add { get; init; }

    public static ChatPermissions From(ChatDetailsRow row) =>
        new() { Send = (MemberRole)row.SendRole, Edit = (MemberRole)row.EditRole, Add = (MemberRole)row.AddRole };
}

/// <summary>Unread messages that mention the caller.</summary>
internal sealed record UnreadMentionsResource
{
    /// <summary>How many; 1000 may be more.</summary>
    public required int Count { get; init; }

    /// <summary>The sequence of the first of them.</summary>
    public required long First { get; init; }
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

    /// <summary>The unread messages that mention the caller; null for none.</summary>
    public UnreadMentionsResource? Mentions { get; init; }

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

    /// <summary>What the chat is to the caller alone.</summary>
    public required OwnSettingsResource Own { get; init; }

    /// <summary>What a group or channel is about; null for nothing.</summary>
    public string? Description { get; init; }

    /// <summary>A reference to the picture of a group or channel.</summary>
    public string? Avatar { get; init; }

    /// <summary>The theme for all who have none of their own.</summary>
    public string? Theme { get; init; }

    /// <summary>The public name of a channel.</summary>
    public string? Handle { get; init; }

    /// <summary>Who may do what.</summary>
    public required ChatPermissions Permissions { get; init; }

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
        Mentions = row.Mentions is { } mentions ? new UnreadMentionsResource { Count = mentions.Count, First = mentions.First } : null,
        OthersDeliveredUpTo = row.OthersDeliveredUpTo,
        OthersReadUpTo = row.OthersReadUpTo,
        MemberCount = row.MemberCount,
        PeerId = row.PeerId,
        PeerName = row.PeerName,
        LastEvent = row.LastEvent is { } last ? EventResource.From(last) : null,
        Own = OwnSettingsResource.From(row),
        Description = row.Details?.Description,
        Avatar = row.Details?.Avatar,
        Theme = row.Details?.Theme,
        Handle = row.Details?.Handle,
        Permissions = ChatPermissions.From(row.Details ?? ChatDetailsRow.Initial),
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

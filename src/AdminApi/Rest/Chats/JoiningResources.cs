using System.ComponentModel.DataAnnotations;
using Chat.Protocol.Codes;
using Chat.Storage.Chats;

namespace Chat.AdminApi.Rest.Chats;

/// <summary>A new channel.</summary>
internal sealed record NewChannelBody
{
    /// <summary>The name, 1 to 255 characters.</summary>
    [Required]
    public string? Name { get; init; }

    /// <summary>What it is about, at most 500 characters.</summary>
    public string? Description { get; init; }

    /// <summary>A reference to a picture.</summary>
    public string? Avatar { get; init; }

    /// <summary>The public name: 4 to 32 of a to z, 0 to 9 and '_', a letter first; left out: only by invite link.</summary>
    public string? Handle { get; init; }
}

/// <summary>A new invite link.</summary>
internal sealed record NewInviteBody
{
    /// <summary>Until when people may join by it; left out: for ever.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How many may join by it; left out: any number.</summary>
    public int? MaxUses { get; init; }
}

/// <summary>An invite link. Whoever has the code may join.</summary>
internal sealed record InviteResource
{
    /// <summary>The secret of the link.</summary>
    public required string Code { get; init; }

    /// <summary>Whereto.</summary>
    public required long ChatId { get; init; }

    /// <summary>Who made it.</summary>
    public required long CreatedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when people may join by it; null is for ever.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How many may join by it; null is any number.</summary>
    public int? MaxUses { get; init; }

    /// <summary>How many did.</summary>
    public required int Uses { get; init; }

    /// <summary>It was revoked, or who made it may not let people in any more.</summary>
    public required bool Revoked { get; init; }

    public static InviteResource From(InviteRow row) => new()
    {
        Code = row.Code,
        ChatId = row.ChatId,
        CreatedBy = row.CreatedBy,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAtMs),
        ExpiresAt = row.ExpiresAtMs is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
        MaxUses = row.MaxUses,
        Uses = row.Uses,
        Revoked = row.IsRevoked,
    };
}

/// <summary>What one learns of a group or channel before one is in it.</summary>
internal sealed record ChatPreviewResource
{
    /// <summary>The chat's id.</summary>
    public required long ChatId { get; init; }

    /// <summary>What kind of chat it is.</summary>
    public required ChatKind Kind { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>What it is about.</summary>
    public string? Description { get; init; }

    /// <summary>A reference to its picture.</summary>
    public string? Avatar { get; init; }

    /// <summary>Number of members.</summary>
    public required int MemberCount { get; init; }

    /// <summary>The caller is in it.</summary>
    public required bool Joined { get; init; }

    public static ChatPreviewResource From(ChatPreview found) => new()
    {
        ChatId = found.ChatId,
        Kind = (ChatKind)found.Kind,
        Name = found.Name,
        Description = found.Description,
        Avatar = found.Avatar,
        MemberCount = found.MemberCount,
        Joined = found.IsMember,
    };
}

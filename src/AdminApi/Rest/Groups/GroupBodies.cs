using System.ComponentModel.DataAnnotations;
using Chat.Protocol.Codes;

namespace Chat.AdminApi.Rest.Groups;

/// <summary>A new group.</summary>
internal sealed record NewGroupBody
{
    /// <summary>The name, 1 to 255 characters.</summary>
    [Required]
    public string? Name { get; init; }

    /// <summary>Who is in it besides the caller, who becomes its admin.</summary>
    public IReadOnlyList<WholeNumber>? MemberIds { get; init; }
}

/// <summary>Who joins a group.</summary>
internal sealed record NewMembersBody
{
    /// <summary>The ids of the new members.</summary>
    [Required]
    public IReadOnlyList<WholeNumber>? MemberIds { get; init; }
}

/// <summary>A member's new role.</summary>
internal sealed record RoleBody
{
    /// <summary>The role.</summary>
    [Required]
    public MemberRole? Role { get; init; }
}

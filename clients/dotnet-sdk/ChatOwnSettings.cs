using Chat.Protocol.Codes;

namespace Chat.Sdk;

/// <summary>What a chat is to the signed-in principal alone; the same on all its devices. A snapshot.</summary>
public sealed record ChatOwnSettings
{
    /// <summary>It is in the archive; a message takes it out, unless it is muted.</summary>
    public bool IsArchived { get; init; }

    /// <summary>It stands above the others.</summary>
    public bool IsPinned { get; init; }

    /// <summary>It was marked as unread, and nothing of it was read since.</summary>
    public bool IsMarkedUnread { get; init; }

    /// <summary>Nothing of it is notified until then; null when it is not muted. The end of the year 9999 is for ever.</summary>
    public DateTimeOffset? MutedUntil { get; init; }

    /// <summary>The principal's own theme; goes before the chat's.</summary>
    public string? Theme { get; init; }

    /// <summary>The principal cleared the history up to here.</summary>
    public long? ClearedUpTo { get; init; }

    /// <summary>What the principal began to write.</summary>
    public ChatDraft? Draft { get; init; }
}

/// <summary>What somebody began to write in a chat.</summary>
/// <param name="Version">Grows with every change; the highest is the present one.</param>
/// <param name="Text">What is written so far.</param>
/// <param name="ReplyTo">The sequence of the message that is to be answered.</param>
public sealed record ChatDraft(long Version, string Text, long? ReplyTo);

/// <summary>What a group or channel is to everybody in it, beside its name. A role is the least that may. A snapshot.</summary>
public sealed record ChatDetails
{
    /// <summary>Writes.</summary>
    public MemberRole SendRole { get; init; } = MemberRole.Member;

    /// <summary>Changes name, description, picture and theme.</summary>
    public MemberRole EditRole { get; init; } = MemberRole.Admin;

    /// <summary>Adds people and makes invite links.</summary>
    public MemberRole AddRole { get; init; } = MemberRole.Admin;

    /// <summary>What it is about.</summary>
    public string? Description { get; init; }

    /// <summary>A reference to a picture.</summary>
    public string? Avatar { get; init; }

    /// <summary>The theme for all who have none of their own.</summary>
    public string? Theme { get; init; }

    /// <summary>The public name of a channel.</summary>
    public string? Handle { get; init; }
}

/// <summary>The signed-in principal cleared a chat's history for itself, on whichever device.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="UpTo">The last sequence that went.</param>
public sealed record ClearedHistory(long ChatId, long UpTo);

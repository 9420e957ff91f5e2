using System.ComponentModel.DataAnnotations;
using Chat.Storage;

namespace Chat.AdminApi.Rest.Messages;

/// <summary>A message's new text.</summary>
internal sealed record EditBody
{
    /// <summary>A random UUID made by the caller; a retry with the same one is safe.</summary>
    [Required]
    public Guid? ClientMessageId { get; init; }

    /// <summary>The text, 1 to 16,384 bytes of UTF-8, without U+0000.</summary>
    [Required]
    public string? Text { get; init; }
}

/// <summary>A reaction.</summary>
internal sealed record ReactionBody
{
    /// <summary>A random UUID made by the caller; a retry with the same one is safe.</summary>
    [Required]
    public Guid? ClientMessageId { get; init; }

    /// <summary>One emoji, at most 64 bytes of UTF-8. Null takes the reaction back.</summary>
    public string? Emoji { get; init; }
}

/// <summary>What one person reacted with.</summary>
internal sealed record ReactionResource
{
    /// <summary>The person's id.</summary>
    public required long PrincipalId { get; init; }

    /// <summary>The emoji.</summary>
    public required string Emoji { get; init; }
}

/// <summary>How many people reacted with an emoji.</summary>
internal sealed record ReactionCountResource
{
    /// <summary>The emoji.</summary>
    public required string Emoji { get; init; }

    /// <summary>How many people, from 1.</summary>
    public required int Count { get; init; }
}

/// <summary>What became of a message.</summary>
internal sealed record MessageChangesResource
{
    /// <summary>Sequence of the newest change that is counted in.</summary>
    public required long AsOf { get; init; }

    /// <summary>When the text got as it is; null when it is as it was sent.</summary>
    public DateTimeOffset? EditedAt { get; init; }

    /// <summary>When it was deleted for everyone; its text is a placeholder then.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Who deleted it.</summary>
    public long? DeletedBy { get; init; }

    /// <summary>Since when it is pinned.</summary>
    public DateTimeOffset? PinnedAt { get; init; }

    /// <summary>The caller's reaction.</summary>
    public string? OwnReaction { get; init; }

    /// <summary>The reactions, the most frequent first.</summary>
    public required IReadOnlyList<ReactionCountResource> Reactions { get; init; }

    public static MessageChangesResource From(MessageChanges changes) => new()
    {
        AsOf = changes.AsOf,
        EditedAt = Time(changes.EditedAtMs),
        DeletedAt = Time(changes.DeletedAtMs),
        DeletedBy = changes.DeletedBy,
        PinnedAt = Time(changes.PinnedAtMs),
        OwnReaction = changes.OwnReaction,
        Reactions = [.. changes.Reactions.Select(one => new ReactionCountResource { Emoji = one.Emoji, Count = one.Count })],
    };

    private static DateTimeOffset? Time(long? unixMs) => unixMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}

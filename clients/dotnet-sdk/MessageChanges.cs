using Chat.Protocol.Codes;

namespace Chat.Sdk;

/// <summary>What became of a message since it was sent.</summary>
/// <param name="AsOf">Sequence of the newest change that is counted in.</param>
/// <param name="EditedAt">When the text got as it is; null when it is as it was sent.</param>
/// <param name="DeletedAt">When it was deleted for everyone.</param>
/// <param name="DeletedBy">Who deleted it.</param>
/// <param name="PinnedAt">Since when it is pinned in its chat.</param>
/// <param name="OwnReaction">The emoji of the signed-in principal.</param>
/// <param name="Reactions">How many people reacted with what, the most frequent first.</param>
public sealed record MessageChanges(
    long AsOf,
    DateTimeOffset? EditedAt,
    DateTimeOffset? DeletedAt,
    long? DeletedBy,
    DateTimeOffset? PinnedAt,
    string? OwnReaction,
    IReadOnlyList<ReactionCount> Reactions)
{
    internal static MessageChanges None(long sequence) => new(sequence, null, null, null, null, null, []);
}

/// <summary>How many people reacted with an emoji.</summary>
/// <param name="Emoji">What they reacted with.</param>
/// <param name="Count">How many.</param>
public readonly record struct ReactionCount(string Emoji, int Count);

/// <summary>A page of one's starred messages, the one starred last first.</summary>
/// <param name="Items">The messages as they are now.</param>
/// <param name="NextCursor">Where the next page starts; null on the last one.</param>
public sealed record StarredPage(IReadOnlyList<StarredMessage> Items, string? NextCursor);

/// <summary>A starred message as it is now.</summary>
/// <param name="ChatId">Its chat.</param>
/// <param name="Sequence">Its number there.</param>
/// <param name="Text">What it says.</param>
public sealed record StarredMessage(long ChatId, long Sequence, string? Text);

/// <summary>The signed-in principal starred a message, or took the star away, on whichever device.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Sequence">The message.</param>
/// <param name="IsStarred">Whether it is starred now.</param>
public sealed record StarChange(long ChatId, long Sequence, bool IsStarred);

/// <summary>The signed-in principal deleted a message for itself alone, on whichever device: it is not to be shown any more.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Sequence">The message.</param>
public sealed record HiddenMessage(long ChatId, long Sequence);

/// <summary>What one person reacted with.</summary>
/// <param name="PrincipalId">Who.</param>
/// <param name="Emoji">With what.</param>
public readonly record struct Reaction(long PrincipalId, string Emoji);

/// <summary>
/// A message was edited, deleted for everyone, reacted to, pinned or unpinned. <see cref="ChatMessage.With"/> counts it into a message that
/// the app holds.
/// </summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Epoch">The numbering that the sequence belongs to.</param>
/// <param name="Sequence">The number of this event in the chat.</param>
/// <param name="Kind">One of <see cref="EventKind.Edited"/> to <see cref="EventKind.Unpinned"/>.</param>
/// <param name="SenderId">Who did it.</param>
/// <param name="CreatedAt">Time of the commit.</param>
/// <param name="Target">The sequence of the message.</param>
/// <param name="Text">
/// Of an edit the new text; null if this event does not say it: then <see cref="ChatHandle.HistoryAsync"/> with <c>after: Target - 1, limit: 1</c>
/// has it, for whoever may see it. Of a reaction the emoji, empty when it was taken back.
/// </param>
/// <param name="Previous">Of a reaction the emoji that it replaced or took back.</param>
/// <param name="IsOwn">Whether the signed-in principal did it, on this device or another.</param>
public sealed record ChatMessageChange(
    long ChatId,
    long Epoch,
    long Sequence,
    EventKind Kind,
    long SenderId,
    DateTimeOffset CreatedAt,
    long Target,
    string? Text,
    string? Previous,
    bool IsOwn) : ChatLogEvent(ChatId, Epoch, Sequence, Kind, SenderId, CreatedAt, Text, null, null);

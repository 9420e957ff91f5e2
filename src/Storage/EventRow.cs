using System.Text;

namespace Chat.Storage;

/// <summary>
/// One durable entry of a chat's log, as stored. Immutable: a row of <c>events</c> never changes. There is one for every message, so what
/// only few events have stands in <see cref="DetailedEventRow"/>.
/// </summary>
/// <param name="Sequence">Dense per chat, from 1.</param>
/// <param name="Kind">One of <see cref="EventKinds"/>.</param>
/// <param name="CreatedAtMs">PostgreSQL's time in the transaction that stored it, Unix milliseconds. For showing only.</param>
/// <param name="ReplyTo">Column <c>target_sequence</c>: the message answered, or the one that the event changes (kinds 10 to 14).</param>
/// <param name="Text">Column <c>body</c>: the message, the name for chat_created and renamed, the new text for edited, the emoji for reaction.</param>
/// <param name="SubjectId">The member (kinds 3, 4, 5, 7) or the chat (kinds 8, 9).</param>
/// <param name="Role">Column <c>subject_role</c>: the member's role (kinds 3, 7).</param>
public record EventRow(
    long ChatId,
    long Sequence,
    short Kind,
    long SenderId,
    long CreatedAtMs,
    Guid? ClientMessageId,
    long? ReplyTo,
    string? Text,
    long? SubjectId,
    short? Role)
{
    /// <summary>A count of people and the array around it.</summary>
    private const int MaxCountBytes = 8;

    /// <summary>What few events have; null for the others.</summary>
    public virtual EventDetails? Details => null;

    /// <summary>An upper bound of what the texts of the event take on the wire; the rest of it is small.</summary>
    public int CountTextBytes()
    {
        int bytes = CountBytes(Text);
        if (Details is not { } details) return bytes;
        bytes += CountBytes(details.Content) + CountBytes(details.Previous) + CountBytes(details.Changes?.OwnReaction);
        foreach (ReactionCount reaction in details.Changes?.Reactions ?? []) bytes += CountBytes(reaction.Emoji) + MaxCountBytes;
        return bytes;
    }

    private static int CountBytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}

/// <summary>An event with more to it.</summary>
public sealed record DetailedEventRow : EventRow
{
    public DetailedEventRow(EventRow row, EventDetails details)
        : base(row) => Details = details;

    public override EventDetails Details { get; }
}

/// <summary>What an event has beside its columns.</summary>
/// <param name="Previous">Kind reaction: the emoji that it replaced or took back.</param>
/// <param name="Content">Kind message: what it is beside its text, as the JSON that was stored.</param>
/// <param name="Changes">Kind message, where the log is read for showing: what became of it since.</param>
public sealed record EventDetails(string? Previous = null, MessageChanges? Changes = null, string? Content = null);

/// <summary>What the changes of one message add up to.</summary>
/// <param name="AsOf">Sequence of the newest change that is counted in.</param>
/// <param name="EditedAtMs">When the text got as it is; null when it is as it was sent.</param>
/// <param name="DeletedAtMs">When it was deleted for everyone; the text is gone then.</param>
/// <param name="DeletedBy">Who deleted it.</param>
/// <param name="PinnedAtMs">Since when it is pinned in its chat.</param>
/// <param name="OwnReaction">The asker's emoji.</param>
/// <param name="Reactions">How many people reacted with what, the most frequent first.</param>
public sealed record MessageChanges(
    long AsOf,
    long? EditedAtMs,
    long? DeletedAtMs,
    long? DeletedBy,
    long? PinnedAtMs,
    string? OwnReaction,
    IReadOnlyList<ReactionCount> Reactions);

/// <summary>How many people reacted with an emoji.</summary>
public readonly record struct ReactionCount(string Emoji, int Count);

using Chat.Protocol.Codes;

namespace Chat.Sdk;

/// <summary>What <see cref="ChatClient.ReadEventsAsync"/> yields: a durable event of a chat, or the notice that some were skipped.</summary>
/// <param name="ChatId">The chat.</param>
public abstract record ChatEvent(long ChatId);

/// <summary>One durable entry of a chat's log: a message, a join, a new name. Each is yielded exactly once and in order.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Epoch">The numbering that the sequence belongs to.</param>
/// <param name="Sequence">The number in the chat, from 1, dense.</param>
/// <param name="Kind">What happened. A kind that this library does not know has its place and nothing to show.</param>
/// <param name="SenderId">Who did it.</param>
/// <param name="CreatedAt">Time of the commit; for showing only, order is the sequence.</param>
/// <param name="Text">The message's text, or the chat's name for <see cref="EventKind.ChatCreated"/> and <see cref="EventKind.Renamed"/>.</param>
/// <param name="SubjectId">The member whom a membership event is about.</param>
/// <param name="Role">The member's role, where the event sets one.</param>
public record ChatLogEvent(
    long ChatId,
    long Epoch,
    long Sequence,
    EventKind Kind,
    long SenderId,
    DateTimeOffset CreatedAt,
    string? Text,
    long? SubjectId,
    MemberRole? Role) : ChatEvent(ChatId);

/// <summary>A message.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Epoch">The numbering that the sequence belongs to.</param>
/// <param name="Sequence">The number in the chat.</param>
/// <param name="SenderId">Who wrote it.</param>
/// <param name="CreatedAt">Time of the commit.</param>
/// <param name="Text">What they wrote.</param>
/// <param name="ClientMessageId">The sender's key of this message.</param>
/// <param name="ReplyTo">The sequence of the message that this one answers.</param>
/// <param name="IsOwn">Whether the signed-in principal wrote it, on this device or another.</param>
public sealed record ChatMessage(
    long ChatId,
    long Epoch,
    long Sequence,
    long SenderId,
    DateTimeOffset CreatedAt,
    string Text,
    Guid ClientMessageId,
    long? ReplyTo,
    bool IsOwn) : ChatLogEvent(ChatId, Epoch, Sequence, EventKind.Message, SenderId, CreatedAt, Text, null, null)
{
    /// <summary>What to show in the place of a deleted message's text, in English; an app shows it in the person's language.</summary>
    public static string DeletedPlaceholder => "This message was deleted";

    /// <summary>What the sender wrote, as it is now; empty when the message was deleted.</summary>
    public new string Text
    {
        get => base.Text ?? "";
        init => base.Text = value; // the same text by either type
    }

    /// <summary>What became of it since it was sent; null while nothing was done to it, and in an event that has just happened.</summary>
    public MessageChanges? Changes { get; init; }

    /// <summary>What it is beside its text; null for plain text, and when it was deleted.</summary>
    public MessageContent? Content { get; init; }

    /// <summary>Whether it was deleted for everyone.</summary>
    public bool IsDeleted => Changes?.DeletedAt is not null;

    /// <summary>
    /// The message with a change counted in; this one if the change is of another message, is counted in already, or does not say the new text.
    /// Changes are to be given in the order of their sequences.
    /// </summary>
    public ChatMessage With(ChatMessageChange change)
    {
        MessageChanges before = Changes ?? MessageChanges.None(Sequence);
        if (change.ChatId != ChatId || change.Target != Sequence || change.Sequence <= before.AsOf || IsDeleted) return this;

        MessageChanges after = before with { AsOf = change.Sequence };
        return change.Kind switch
        {
            EventKind.Edited when change.Text is { } text => this with
            {
                Text = text,
                Content = Content is null ? null : Content with { Marks = [], Link = null }, // of the text before (protocol-spec.md §8.16)
                Changes = after with { EditedAt = change.CreatedAt },
            },
            EventKind.Deleted => this with
            {
                Text = "",
                Content = null,
                Changes = MessageChanges.None(change.Sequence) with { DeletedAt = change.CreatedAt, DeletedBy = change.SenderId },
            },
            EventKind.Reaction => this with { Changes = Count(after, change) },
            EventKind.Pinned => this with { Changes = after with { PinnedAt = change.CreatedAt } },
            EventKind.Unpinned => this with { Changes = after with { PinnedAt = null } },
            _ => this,
        };
    }

    private static MessageChanges Count(MessageChanges changes, ChatMessageChange reaction)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        // An emoji that stands there twice is the server's fault, and no reason to throw.
        foreach (ReactionCount one in changes.Reactions) counts[one.Emoji] = one.Count;
        string? emoji = string.IsNullOrEmpty(reaction.Text) ? null : reaction.Text;
        if (reaction.Previous is { } previous && counts.TryGetValue(previous, out int held)) counts[previous] = held - 1;
        if (emoji is not null) counts[emoji] = counts.GetValueOrDefault(emoji) + 1;
        return changes with
        {
            OwnReaction = reaction.IsOwn ? emoji : changes.OwnReaction,
            Reactions =
            [
                .. counts.Where(one => one.Value > 0).OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal)
                    .Select(one => new ReactionCount(one.Key, one.Value)),
            ],
        };
    }
}

/// <summary>
/// The events between the last one yielded and <paramref name="ContinuesAfter"/> were not yielded: the position was void. What the app
/// shows of this chat is to be read anew with <see cref="ChatHandle.HistoryAsync"/>.
/// </summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Epoch">The numbering from here on.</param>
/// <param name="ContinuesAfter">The next event of this chat has a higher sequence than this.</param>
/// <param name="Reason">For the developer.</param>
public sealed record ChatDiscontinuity(long ChatId, long Epoch, long ContinuesAfter, string Reason) : ChatEvent(ChatId);

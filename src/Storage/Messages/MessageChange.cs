namespace Chat.Storage.Messages;

/// <summary>What somebody wants to do to a message.</summary>
/// <param name="Kind">One of edited, deleted, reaction, pinned and unpinned of <see cref="EventKinds"/>.</param>
/// <param name="ClientMessageId">Makes a retry safe: the same id, by the same actor in the same chat, is the same change (D4).</param>
/// <param name="Sequence">The message.</param>
/// <param name="Text">The new text of an edit; the emoji of a reaction, empty to take it back; null for the others.</param>
public sealed record MessageChange(long ChatId, long ActorId, short Kind, Guid ClientMessageId, long Sequence, string? Text = null);

/// <summary>For how long an author may change a message, by PostgreSQL's clock; null is for ever.</summary>
public sealed record ChangeWindows(TimeSpan? Edit, TimeSpan? Delete);

/// <summary>What became of a <see cref="MessageChange"/>.</summary>
public enum ChangeStatus : byte
{
    /// <summary>It is stored, by this call or by an earlier one with the same id, or nothing was to be changed.</summary>
    Done,

    ChatNotFound,
    NotAMember,

    /// <summary>The id was used by this actor in this chat for something else.</summary>
    ClientMessageIdReused,

    /// <summary>No message with that sequence that the actor may see.</summary>
    MessageNotFound,

    /// <summary>Of another author, and the actor is no admin of a group; or a pin by one who is none.</summary>
    NotAllowed,

    /// <summary>One of the two of a direct chat has blocked the other.</summary>
    Blocked,

    /// <summary>The author's time is over.</summary>
    TooLate,

    /// <summary>The message was deleted for everyone.</summary>
    MessageDeleted,

    /// <summary>There is no reaction to be taken back, or no pin.</summary>
    NothingThere,

    /// <summary>The message has as many different emoji as it may.</summary>
    TooManyEmoji,

    /// <summary>As many messages of the chat are pinned as may be.</summary>
    TooManyPins,

    /// <summary>The chat was deleted for everyone.</summary>
    ChatDeleted,
}

/// <summary>The answer to a <see cref="MessageChange"/>; sequence and time are those of the event that says so, and set for Done only.</summary>
public readonly record struct ChangeOutcome(ChangeStatus Status, long Sequence = 0, long CreatedAtMs = 0);

/// <summary>Who reacted with what.</summary>
public sealed record ReactionRow(long PrincipalId, string Emoji);

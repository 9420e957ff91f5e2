namespace Chat.Storage.ChatLog;

/// <summary>What became of one <see cref="NewEvent"/>.</summary>
public enum AppendStatus : byte
{
    /// <summary>Stored by this call; sequence and time are set.</summary>
    Appended,

    /// <summary>Stored before with the same content; sequence and time are those of the first time.</summary>
    Duplicate,

    ChatNotFound,
    NotAMember,

    /// <summary>The client message id was used by this sender in this chat for another content.</summary>
    ClientMessageIdReused,

    /// <summary>No message with that sequence that the sender may see.</summary>
    ReplyTargetNotFound,

    /// <summary>PostgreSQL does not take the content (for instance U+0000). Final: it is not stored and will not be.</summary>
    Rejected,

    /// <summary>Not stored, try again later with the same id.</summary>
    Busy,

    /// <summary>Unknown: it may or may not be stored. Try again with the same id.</summary>
    Unavailable,

    /// <summary>A direct chat of which one has blocked the other.</summary>
    Blocked,

    /// <summary>Only admins write in this chat, and the sender is none.</summary>
    NotAllowed,

    /// <summary>The chat was deleted for everyone. Final.</summary>
    ChatDeleted,
}

/// <summary>The answer of the chat log. <see cref="Sequence"/> and <see cref="CreatedAtMs"/> are set for Appended and Duplicate.</summary>
/// <param name="RetryAfter">For Busy and Unavailable: not earlier than this.</param>
public readonly record struct AppendOutcome(AppendStatus Status, long Sequence, long CreatedAtMs, TimeSpan RetryAfter);

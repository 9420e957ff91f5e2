using Chat.Protocol.Codes;

namespace Chat.Sdk.Notices;

/// <summary>What a notice is of.</summary>
public enum NoticeKind
{
    /// <summary>A kind that came after this version: it is not to be shown.</summary>
    Unknown = 0,

    /// <summary>A message mentions one.</summary>
    Mention = 1,

    /// <summary>A message answers one of one's own.</summary>
    Reply = 2,

    /// <summary>Somebody reacted to a message of one's own.</summary>
    Reaction = 3,

    /// <summary>A call that one missed.</summary>
    MissedCall = 4,

    /// <summary>Somebody brought one into a group or channel.</summary>
    ChatAdded = 5,

    /// <summary>An admin removed one from it.</summary>
    ChatRemoved = 6,

    /// <summary>Somebody else deleted a chat that one was in.</summary>
    ChatDeleted = 7,

    /// <summary>Somebody else gave one another role.</summary>
    RoleChanged = 8,

    /// <summary>The account was signed in to on another device.</summary>
    SignIn = 9,

    /// <summary>The account got another passkey.</summary>
    PasskeyAdded = 10,
}

/// <summary>One thing that happened to one. What its kind does not have is null.</summary>
/// <param name="Id">The same whenever the same thing is read.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When.</param>
/// <param name="Read">Whether it is among what was read.</param>
/// <param name="ActorId">Who did it; oneself, of a sign-in and a passkey.</param>
public sealed record Notice(string Id, NoticeKind Kind, DateTimeOffset At, bool Read, long ActorId)
{
    /// <summary>The chat that it is about.</summary>
    public long? ChatId { get; init; }

    /// <summary>Of a group or channel that one is in now.</summary>
    public string? ChatName { get; init; }

    /// <summary>Of the message, or of the event that changed the role.</summary>
    public long? Sequence { get; init; }

    /// <summary>The message as it is now, or its beginning with … at its end; of a reaction one's own.</summary>
    public string? Text { get; init; }

    /// <summary>What the message is beside its text; null for plain text.</summary>
    public ContentKind? Content { get; init; }

    /// <summary>Of a reaction.</summary>
    public string? Emoji { get; init; }

    /// <summary>The role that one was given.</summary>
    public MemberRole? Role { get; init; }

    /// <summary>The call that one missed.</summary>
    public long? CallId { get; init; }

    /// <summary>The device that was signed in.</summary>
    public long? DeviceId { get; init; }

    /// <summary>The passkey that was added.</summary>
    public long? PasskeyId { get; init; }

    /// <summary>What the device, or the passkey, was called.</summary>
    public string? Name { get; init; }
}

/// <summary>A page of notices, the newest first. It may hold fewer than asked for although there is a next one.</summary>
/// <param name="Items">The notices.</param>
/// <param name="NextCursor">Where the next page starts; null on the last one.</param>
public sealed record NoticePage(IReadOnlyList<Notice> Items, string? NextCursor);

/// <summary>How much is not read.</summary>
/// <param name="Count">Of the newest hundred.</param>
/// <param name="ReadUpTo">What happened up to then is read.</param>
public sealed record UnreadNotices(int Count, DateTimeOffset ReadUpTo);

/// <summary>There may be other notices, or they were read.</summary>
/// <param name="ReadUpTo">On some device one has read all up to then; null: there may be others.</param>
public sealed record NoticesChange(DateTimeOffset? ReadUpTo);

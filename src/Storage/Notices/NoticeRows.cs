namespace Chat.Storage.Notices;

/// <summary>What a notice is of. In no table and on no wire: the numbers are those of the statements alone.</summary>
public enum NoticeKind : byte
{
    /// <summary>Nothing that the person is shown: it says only how far was looked.</summary>
    None = 0,

    /// <summary>A message mentions the person.</summary>
    Mention = 1,

    /// <summary>A message answers one of the person's.</summary>
    Reply = 2,

    /// <summary>Somebody reacted to a message of the person's.</summary>
    Reaction = 3,

    /// <summary>A call that the person missed.</summary>
    MissedCall = 4,

    /// <summary>Somebody brought the person into a group or channel.</summary>
    ChatAdded = 5,

    /// <summary>An admin removed the person from one.</summary>
    ChatRemoved = 6,

    /// <summary>Somebody else deleted a chat that the person was in.</summary>
    ChatDeleted = 7,

    /// <summary>Somebody else gave the person another role.</summary>
    RoleChanged = 8,

    /// <summary>The account was signed in to on another device.</summary>
    SignIn = 9,

    /// <summary>The account got another passkey.</summary>
    PasskeyAdded = 10,
}

/// <summary>Where a notice is read from.</summary>
public enum NoticeSource : byte
{
    Inbox = 0,
    Mentions = 1,
    Replies = 2,
    Reactions = 3,
    Roles = 4,
}

/// <summary>A notice's place in its source, whose order is by these numbers from the first on; those that a source has not are 0.</summary>
public readonly record struct NoticeKey(long First, long Second, long Third, long Fourth)
{
    /// <summary>In front of everything.</summary>
    public static readonly NoticeKey Start = new(long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue);
}

/// <summary>One thing that happened to a person.</summary>
/// <param name="Source">With <paramref name="Key"/> it names the notice among the person's.</param>
/// <param name="AtMs">Unix milliseconds.</param>
/// <param name="ActorId">Who did it; the person, of what their own account did.</param>
public sealed record NoticeRow(NoticeSource Source, NoticeKey Key, NoticeKind Kind, long AtMs, long ActorId)
{
    public long? ChatId { get; init; }

    /// <summary>Of a group or channel that the person is in now; else null.</summary>
    public string? ChatName { get; init; }

    /// <summary>Of the message, or of the event that changed a role.</summary>
    public long? Sequence { get; init; }

    /// <summary>The call, the device or the passkey.</summary>
    public long? SubjectId { get; init; }

    /// <summary>The emoji, or the name of the device or passkey.</summary>
    public string? Text { get; init; }

    public short? Role { get; init; }

    /// <summary>The look into the source ended here, and there may be more behind it.</summary>
    public bool IsLast { get; init; }

    /// <summary>As history shows it to the person now.</summary>
    public EventRow? Message { get; init; }
}

/// <summary>A page of somebody's notices.</summary>
/// <param name="Rows">The newest first, those alone that the person is shown.</param>
/// <param name="Next">Where the next page starts, a key for each source; null on the last one.</param>
/// <param name="ReadUpToMs">How far the person has read them, Unix milliseconds.</param>
public sealed record NoticePage(IReadOnlyList<NoticeRow> Rows, IReadOnlyList<NoticeKey>? Next, long ReadUpToMs);

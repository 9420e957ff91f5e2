namespace Chat.Protocol.Codes;

/// <summary>
/// The kinds of event, protocol-spec.md §6.25. Shared by wire and disk: appended, never changed. A receiver keeps a value that it does
/// not know as a place in the log.
/// </summary>
public enum EventKind : byte
{
    /// <summary>Not a kind; never on the wire.</summary>
    None = 0,

    /// <summary>A message of a person or a bot.</summary>
    Message = 1,

    /// <summary>The first event of a chat.</summary>
    ChatCreated = 2,

    /// <summary>A member was added.</summary>
    MemberAdded = 3,

    /// <summary>A member was removed by an admin.</summary>
    MemberRemoved = 4,

    /// <summary>A member left.</summary>
    MemberLeft = 5,

    /// <summary>The chat has a new name.</summary>
    Renamed = 6,

    /// <summary>A member has a new role.</summary>
    RoleChanged = 7,

    /// <summary>In an inbox: the principal is a member of the subject chat now.</summary>
    ChatAdded = 8,

    /// <summary>In an inbox: the principal is no longer a member of the subject chat.</summary>
    ChatRemoved = 9,

    /// <summary>A message has another text.</summary>
    Edited = 10,

    /// <summary>A message was deleted for everyone.</summary>
    Deleted = 11,

    /// <summary>Somebody reacted to a message, or took it back.</summary>
    Reaction = 12,

    /// <summary>A message was pinned in its chat.</summary>
    Pinned = 13,

    /// <summary>A message is pinned no longer.</summary>
    Unpinned = 14,

    /// <summary>Something of the chat beside its name changed; the text names what.</summary>
    ChatInfoChanged = 15,

    /// <summary>In a channel: an admin ended somebody's subscription. Whose, only the inbox of that person says.</summary>
    ReaderRemoved = 16,

    /// <summary>In an inbox: the subject became, or is no longer, a contact, or is kept under another name.</summary>
    ContactChanged = 30,

    /// <summary>In an inbox: the principal has blocked the subject, or no longer does.</summary>
    BlockChanged = 31,

    /// <summary>In an inbox: the principal's own profile or privacy changed.</summary>
    ProfileChanged = 32,

    /// <summary>In an inbox: the principal starred a message of the subject chat.</summary>
    Starred = 33,

    /// <summary>In an inbox: the principal took that star away.</summary>
    Unstarred = 34,

    /// <summary>In an inbox: the principal deleted a message of the subject chat for itself alone.</summary>
    Hidden = 35,

    /// <summary>In an inbox: the subject chat is muted, archived, pinned, marked as unread or themed otherwise for the principal.</summary>
    ChatSettingsChanged = 36,

    /// <summary>In an inbox: the principal's draft in the subject chat is another.</summary>
    DraftChanged = 37,

    /// <summary>In an inbox: the principal cleared the history of the subject chat for itself alone.</summary>
    HistoryCleared = 38,

    /// <summary>In an inbox: the statuses of the subject are others, or, of one's own, those for whom the next ones are.</summary>
    StatusesChanged = 39,

    /// <summary>In an inbox, as a hint alone: the sender has looked at a status of the subject.</summary>
    StatusViewed = 40,

    /// <summary>In an inbox: somebody calls the principal. The subject is the call; the text says voice or video.</summary>
    CallRinging = 41,

    /// <summary>In an inbox: the sender answered, declined or left the subject call; the text says which.</summary>
    CallChanged = 42,

    /// <summary>In an inbox: the subject call is over for the principal; the text says how: ended, declined or missed.</summary>
    CallEnded = 43,

    /// <summary>In a chat: a call of the sender is over. The text has its kind, how it ended, and for how many seconds people talked.</summary>
    Call = 44,

    /// <summary>In an inbox: a message that the principal scheduled in the subject chat waits, waits otherwise, was sent, failed or was cancelled.</summary>
    ScheduledChanged = 45,

    /// <summary>The group or channel was deleted for everyone: its last event. Nothing of it is to be read any more.</summary>
    ChatDeleted = 46,

    /// <summary>In an inbox: the principal has read its notices up to a later time.</summary>
    NoticesRead = 47,

    /// <summary>In an inbox: the account was signed in to on another device, the subject; the text is its name.</summary>
    SignedIn = 48,

    /// <summary>In an inbox: the account got another passkey, the subject; the text is its name.</summary>
    PasskeyAdded = 49,
}

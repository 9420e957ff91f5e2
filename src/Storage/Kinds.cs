namespace Chat.Storage;

/// <summary>Numbers of <c>chats.kind</c>. On disk and on the wire: append, never edit.</summary>
public static class ChatKinds
{
    public const short Direct = 1;
    public const short Group = 2;
    public const short Channel = 3;
    public const short Support = 4;
    public const short Inbox = 5;
}

/// <summary>Numbers of <c>members.role</c>. On disk and on the wire: append, never edit.</summary>
public static class MemberRoles
{
    public const short Member = 1;
    public const short Admin = 2;
}

/// <summary>Numbers of <c>events.kind</c>. On disk and on the wire: append, never edit.</summary>
public static class EventKinds
{
    public const short Message = 1;
    public const short ChatCreated = 2;
    public const short MemberAdded = 3;
    public const short MemberRemoved = 4;
    public const short MemberLeft = 5;
    public const short Renamed = 6;
    public const short RoleChanged = 7;
    public const short ChatAdded = 8;
    public const short ChatRemoved = 9;
    public const short Edited = 10;
    public const short Deleted = 11;
    public const short Reaction = 12;
    public const short Pinned = 13;
    public const short Unpinned = 14;
    public const short ChatInfoChanged = 15;
    public const short ReaderRemoved = 16;
    public const short ContactChanged = 30;
    public const short BlockChanged = 31;
    public const short ProfileChanged = 32;
    public const short Starred = 33;
    public const short Unstarred = 34;
    public const short Hidden = 35;
    public const short ChatSettingsChanged = 36;
    public const short DraftChanged = 37;
    public const short HistoryCleared = 38;
    public const short StatusesChanged = 39;
    public const short StatusViewed = 40;
    public const short CallRinging = 41;
    public const short CallChanged = 42;
    public const short CallEnded = 43;
    public const short Call = 44;
    public const short ScheduledChanged = 45;
    public const short ChatDeleted = 46;
    public const short NoticesRead = 47;
    public const short SignedIn = 48;
    public const short PasskeyAdded = 49;
}

/// <summary>Numbers of <c>principals.kind</c>. On disk and on the wire: append, never edit.</summary>
public static class PrincipalKinds
{
    public const short Person = 1;
    public const short Agent = 2;
    public const short Visitor = 3;
    public const short Bot = 4;
}

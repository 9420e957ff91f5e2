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

    /// <summary>In an inbox: the subject became, or is no longer, a contact, or is kept under another name.</summary>
    ContactChanged = 30,

    /// <summary>In an inbox: the principal has blocked the subject, or no longer does.</summary>
    BlockChanged = 31,

    /// <summary>In an inbox: the principal's own profile or privacy changed.</summary>
    ProfileChanged = 32,
}

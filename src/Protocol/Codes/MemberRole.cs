namespace Chat.Protocol.Codes;

/// <summary>The roles of a member, protocol-spec.md §6.20. Shared by wire and disk: appended, never changed.</summary>
public enum MemberRole : byte
{
    /// <summary>Not a role; never on the wire.</summary>
    None = 0,

    /// <summary>Reads and writes.</summary>
    Member = 1,

    /// <summary>Also changes the chat and its members.</summary>
    Admin = 2,
}

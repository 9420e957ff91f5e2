namespace Chat.Protocol.Codes;

/// <summary>The kinds of chat, protocol-spec.md §6.20. Shared by wire and disk: appended, never changed.</summary>
public enum ChatKind : byte
{
    /// <summary>Not a kind; never on the wire.</summary>
    None = 0,

    /// <summary>Two principals; one chat a pair.</summary>
    Direct = 1,

    /// <summary>Named, with admins.</summary>
    Group = 2,

    /// <summary>One to many: admins write, any number read.</summary>
    Channel = 3,

    /// <summary>Reserved.</summary>
    Support = 4,

    /// <summary>A principal's own log of chats that came and went.</summary>
    Inbox = 5,
}

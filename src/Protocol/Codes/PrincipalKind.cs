namespace Chat.Protocol.Codes;

/// <summary>The kinds of principal, protocol-spec.md §6.22. Shared by wire and disk: appended, never changed.</summary>
public enum PrincipalKind : byte
{
    /// <summary>Not a kind; never on the wire.</summary>
    None = 0,

    /// <summary>A person with an account.</summary>
    Person = 1,

    /// <summary>Someone who answers visitors.</summary>
    Agent = 2,

    /// <summary>Someone on a site, without an account.</summary>
    Visitor = 3,

    /// <summary>A program.</summary>
    Bot = 4,
}

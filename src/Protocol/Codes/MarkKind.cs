namespace Chat.Protocol.Codes;

/// <summary>What a part of a text is, protocol-spec.md §6.35. Shared by wire and disk: appended, never changed.</summary>
public enum MarkKind : byte
{
    /// <summary>Not a kind; never on the wire.</summary>
    None = 0,

    /// <summary>Bold.</summary>
    Bold = 1,

    /// <summary>Italic.</summary>
    Italic = 2,

    /// <summary>Struck through.</summary>
    Strikethrough = 3,

    /// <summary>Of fixed width.</summary>
    Code = 4,

    /// <summary>Names a principal.</summary>
    Mention = 5,
}

namespace Chat.Protocol.Codes;

/// <summary>What a message consists of, protocol-spec.md §6.35. Shared by wire and disk: appended, never changed.</summary>
public enum ContentKind : byte
{
    /// <summary>Not a kind; never on the wire.</summary>
    None = 0,

    /// <summary>A text, perhaps with marks.</summary>
    Text = 1,

    /// <summary>An image; the text is its caption.</summary>
    Image = 2,

    /// <summary>A video; the text is its caption.</summary>
    Video = 3,

    /// <summary>A sound that was recorded elsewhere.</summary>
    Audio = 4,

    /// <summary>A voice message.</summary>
    Voice = 5,

    /// <summary>A file.</summary>
    Document = 6,

    /// <summary>A place.</summary>
    Location = 7,

    /// <summary>Somebody's address card.</summary>
    Contact = 8,
}

namespace Chat.Domain.Media;

/// <summary>What <see cref="ContentSniffer.Judge"/> says of a file.</summary>
public enum ContentVerdict : byte
{
    /// <summary>The extension is on the list, and the bytes are what it promises.</summary>
    Allowed,

    /// <summary>The extension is not on the list. Scripts, SVG, HTML, archives and programs are never on it.</summary>
    ExtensionNotAllowed,

    /// <summary>The bytes are of another kind than the extension says, or too few to tell.</summary>
    ContentDiffers,
}

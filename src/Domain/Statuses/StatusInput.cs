using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;

namespace Chat.Domain.Statuses;

/// <summary>Whom of the author's contacts a status is for. Numbers as stored: append, never edit.</summary>
public enum StatusAudience : byte
{
    None = 0,

    /// <summary>All of them.</summary>
    Contacts = 1,

    /// <summary>All but those listed.</summary>
    ContactsExcept = 2,

    /// <summary>Those listed.</summary>
    Only = 3,
}

/// <summary>How the text of a status looks. Numbers as stored: append, never edit.</summary>
public enum StatusFont : byte
{
    None = 0,
    Sans = 1,
    Serif = 2,
    Mono = 3,
    Script = 4,
    Bold = 5,
}

/// <summary>A status that somebody wants to post.</summary>
/// <param name="ClientStatusId">Made by the client, random; the key that makes a retry safe.</param>
/// <param name="Kind">Text, image or video.</param>
/// <param name="Text">The text, or a caption; null for none.</param>
/// <param name="Background">Of a text: <c>#RRGGBB</c>; null for what the client shows by itself.</param>
/// <param name="Font">Of a text; likewise.</param>
/// <param name="Media">Of an image or video.</param>
public sealed record StatusInput(
    Guid ClientStatusId, ContentKind Kind, string? Text, string? Background = null, StatusFont? Font = null, WireMedia? Media = null);

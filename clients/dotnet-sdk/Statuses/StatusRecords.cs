using Chat.Protocol.Codes;

namespace Chat.Sdk.Statuses;

/// <summary>How the text of a status looks.</summary>
public enum StatusFont
{
    /// <summary>One that came after this version: show it as <see cref="Sans"/>. Not to be posted.</summary>
    Unknown = 0,

    /// <summary>Without serifs.</summary>
    Sans = 1,

    /// <summary>With serifs.</summary>
    Serif = 2,

    /// <summary>All letters of one width.</summary>
    Mono = 3,

    /// <summary>As if by hand.</summary>
    Script = 4,

    /// <summary>Heavy.</summary>
    Bold = 5,
}

/// <summary>Whom of one's contacts a status is for.</summary>
public enum StatusAudience
{
    /// <summary>One that came after this version. Not to be set.</summary>
    Unknown = 0,

    /// <summary>All of them.</summary>
    Contacts = 1,

    /// <summary>All but those named.</summary>
    ContactsExcept = 2,

    /// <summary>Those named.</summary>
    Only = 3,
}

/// <summary>A status to be posted.</summary>
/// <param name="Kind">Text, image or video.</param>
/// <param name="Text">The text, or a caption; at most 700 characters.</param>
public sealed record NewStatus(ContentKind Kind, string? Text = null)
{
    /// <summary>Given to a retry again, it is posted once.</summary>
    public Guid ClientStatusId { get; init; } = Guid.NewGuid();

    /// <summary>What is behind a text: <c>#RRGGBB</c>.</summary>
    public string? Background { get; init; }

    /// <summary>How a text looks.</summary>
    public StatusFont? Font { get; init; }

    /// <summary>Of an image or video: a file that was uploaded for a status.</summary>
    public MessageMedia? Media { get; init; }
}

/// <summary>A status.</summary>
/// <param name="Id">Which one.</param>
/// <param name="AuthorId">Who posted it.</param>
/// <param name="Kind">Text, image or video; <see cref="ContentKind.None"/> for one that came after this version.</param>
/// <param name="Text">The text, or a caption.</param>
/// <param name="Background">What is behind a text.</param>
/// <param name="Font">How a text looks.</param>
/// <param name="Media">The file of an image or video.</param>
/// <param name="CreatedAt">When it was posted.</param>
/// <param name="ExpiresAt">When it is gone: stop showing it then.</param>
/// <param name="Seen">One has looked at it.</param>
public sealed record Status(
    long Id, long AuthorId, ContentKind Kind, string? Text, string? Background, StatusFont? Font, MessageMedia? Media,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool Seen)
{
    private const int MaxReferenceChars = 100;

    /// <summary>What a message that answers the status carries of it; for the direct chat with its author.</summary>
    public StatusReference ToReference()
    {
        string? begins = Text is { Length: > MaxReferenceChars } text
            ? text[..(char.IsHighSurrogate(text[MaxReferenceChars - 1]) ? MaxReferenceChars - 1 : MaxReferenceChars)]
            : Text;
        return new StatusReference(Id, Kind, string.IsNullOrEmpty(begins) ? null : begins);
    }
}

/// <summary>Somebody who shows one statuses.</summary>
/// <param name="AuthorId">Who.</param>
/// <param name="Name">The name the person gave themselves.</param>
/// <param name="OwnName">The name under which one keeps them.</param>
/// <param name="Avatar">A reference to the person's picture, if one may see it.</param>
/// <param name="Total">Statuses that one may see.</param>
/// <param name="Unseen">Those that one has not looked at.</param>
/// <param name="NewestId">The newest of them.</param>
/// <param name="NewestAt">When that was posted.</param>
public sealed record StatusAuthor(
    long AuthorId, string Name, string? OwnName, string? Avatar, long Total, long Unseen, long NewestId, DateTimeOffset NewestAt)
{
    /// <summary>One has muted the person's statuses: show them apart, and do not call attention to them.</summary>
    public bool Muted { get; init; }
}

/// <summary>A page of who shows one statuses.</summary>
/// <param name="Items">Who, the newest first.</param>
/// <param name="NextCursor">Where the next page starts; null on the last one.</param>
public sealed record StatusAuthorPage(IReadOnlyList<StatusAuthor> Items, string? NextCursor);

/// <summary>Somebody who has looked at a status.</summary>
/// <param name="PrincipalId">Who.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Avatar">A reference to the person's picture, if one may see it.</param>
/// <param name="ViewedAt">When, for the first time.</param>
public sealed record StatusViewer(long PrincipalId, string Name, string? Avatar, DateTimeOffset ViewedAt);

/// <summary>A page of who has looked at a status.</summary>
/// <param name="Items">Who, the last one first.</param>
/// <param name="Total">How many, of all pages.</param>
/// <param name="NextCursor">Where the next page starts; null on the last one.</param>
public sealed record StatusViewerPage(IReadOnlyList<StatusViewer> Items, long Total, string? NextCursor);

/// <summary>For whom one's next statuses are.</summary>
/// <param name="Audience">All contacts, all but some, or some.</param>
/// <param name="People">Whom the last two name; at most 1,000.</param>
public sealed record StatusPrivacy(StatusAudience Audience, IReadOnlyList<long> People);

/// <summary>Statuses came, went or were looked at.</summary>
/// <param name="AuthorId">Whose. One's own: posted or deleted by whichever device, or for whom the next ones are.</param>
/// <param name="By">Who did it.</param>
/// <param name="StatusId">The one that was looked at; null when statuses came or went.</param>
public sealed record StatusChange(long AuthorId, long By, long? StatusId);

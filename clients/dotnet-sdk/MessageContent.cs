using Chat.Protocol.Codes;

namespace Chat.Sdk;

/// <summary>
/// What a message is beside its text, which is the caption of what it carries; with kinds other than <see cref="ContentKind.Text"/> the text
/// may be empty. Plain text has none.
/// </summary>
public sealed record MessageContent
{
    /// <summary>What it consists of.</summary>
    public required ContentKind Kind { get; init; }

    /// <summary>How often it was passed on, 1 … 255; null for never.</summary>
    public int? Forwarded { get; init; }

    /// <summary>Formatting and mentions in the text, ascending by start; at most 100.</summary>
    public IReadOnlyList<TextMark> Marks { get; init; } = [];

    /// <summary>The file of an image, video, audio, voice message or document.</summary>
    public MessageMedia? Media { get; init; }

    /// <summary>The place of a location.</summary>
    public GeoLocation? Location { get; init; }

    /// <summary>A vCard 3.0 or 4.0 with a name.</summary>
    public string? Contact { get; init; }

    /// <summary>The status that the message answers, in the direct chat with its author.</summary>
    public StatusReference? Status { get; init; }

    /// <summary>With <see cref="ContentKind.Text"/>: the card of a page that the text links to, as <c>LinkPreviews.ReadAsync</c> gave it.</summary>
    public LinkPreview? Link { get; init; }
}

/// <summary>A status that was answered: enough of it to read well when it is gone.</summary>
/// <param name="StatusId">Which one.</param>
/// <param name="Kind">Text, image or video.</param>
/// <param name="Text">How its text or caption begins, at most 100 characters.</param>
public sealed record StatusReference(long StatusId, ContentKind Kind, string? Text = null);

/// <summary>What a part of a text is.</summary>
/// <param name="Kind">How it is shown, or that it names somebody.</param>
/// <param name="Start">Where it begins, as an index of the string.</param>
/// <param name="Length">How many characters of the string, from 1.</param>
/// <param name="PrincipalId">Whom a mention names.</param>
public readonly record struct TextMark(MarkKind Kind, int Start, int Length, long? PrincipalId = null);

/// <summary>A stored file.</summary>
public sealed record MessageMedia
{
    /// <summary>Names the file.</summary>
    public required string BlobId { get; init; }

    /// <summary>Such as <c>image/jpeg</c>.</summary>
    public required string ContentType { get; init; }

    /// <summary>How large it is.</summary>
    public required long Bytes { get; init; }

    /// <summary>What the sender calls it.</summary>
    public string? FileName { get; init; }

    /// <summary>Pixels.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels.</summary>
    public int? Height { get; init; }

    /// <summary>Of a sound or video.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>A blur hash.</summary>
    public string? Preview { get; init; }

    /// <summary>Loudness of a voice message, at most 128 values.</summary>
    public IReadOnlyList<byte> Waveform { get; init; } = [];
}

/// <summary>A place.</summary>
/// <param name="Latitude">Degrees north, −90 … 90, to 8 decimals.</param>
/// <param name="Longitude">Degrees east, −180 … 180, to 8 decimals.</param>
/// <param name="Name">What it is called.</param>
public sealed record GeoLocation(double Latitude, double Longitude, string? Name = null);

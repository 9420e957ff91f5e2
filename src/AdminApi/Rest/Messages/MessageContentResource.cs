using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;

namespace Chat.AdminApi.Rest.Messages;

/// <summary>What a message is beside its text (protocol-spec.md §6.35). Plain text has none.</summary>
internal sealed record MessageContentResource
{
    /// <summary>What it consists of.</summary>
    public ContentKind? Kind { get; init; }

    /// <summary>How often it was passed on, 1 to 255; null for never.</summary>
    public int? Forwarded { get; init; }

    /// <summary>Formatting and mentions in the text, ascending by start; at most 100.</summary>
    public IReadOnlyList<MarkResource?>? Marks { get; init; }

    /// <summary>The file of an image, video, audio, voice message or document.</summary>
    public MediaResource? Media { get; init; }

    /// <summary>The place of a location.</summary>
    public LocationResource? Location { get; init; }

    /// <summary>A vCard 3.0 or 4.0 with a name.</summary>
    public string? Contact { get; init; }

    /// <summary>The status that the message answers, in the direct chat with its author.</summary>
    public StatusReferenceResource? Status { get; init; }

    /// <summary>The card of a page that the text links to, as POST /api/link-previews answered it.</summary>
    public LinkResource? Link { get; init; }

    public static MessageContentResource From(WireContent content) => new()
    {
        Kind = content.Kind,
        Forwarded = content.Forwarded,
        Marks = [.. content.Marks.Select(mark => new MarkResource
        {
            Kind = mark.Kind, Start = mark.Start, Length = mark.Length, PrincipalId = mark.PrincipalId is { } id ? new WholeNumber(id) : null,
        })],
        Media = content.Media is { } media ? MediaResource.From(media) : null,
        Location = content.Location is { } location ? LocationResource.From(location) : null,
        Contact = content.Contact,
        Status = content.Status is { } status ? StatusReferenceResource.From(status) : null,
        Link = content.Link is { } link ? LinkResource.From(link) : null,
    };

    /// <summary>What is missing, or does not fit a number of the wire, becomes a value that the use case refuses.</summary>
    public WireContent ToWire() => new(
        Kind ?? ContentKind.None,
        Forwarded,
        [.. (Marks ?? []).Select(mark => new WireMark(mark?.Kind ?? MarkKind.None, mark?.Start ?? -1, mark?.Length ?? 0, mark?.PrincipalId?.Value))],
        Media?.ToWire(),
        Location?.ToWire(),
        Contact,
        Status?.ToWire(),
        Link?.ToWire());
}

/// <summary>The status that a message answers: enough of it to read well when it is gone.</summary>
internal sealed record StatusReferenceResource
{
    /// <summary>Which one.</summary>
    public WholeNumber? StatusId { get; init; }

    /// <summary>Text, image or video.</summary>
    public ContentKind? Kind { get; init; }

    /// <summary>How its text or caption begins, at most 100 characters.</summary>
    public string? Text { get; init; }

    public static StatusReferenceResource From(WireStatusReference status) =>
        new() { StatusId = new WholeNumber(status.StatusId), Kind = status.Kind, Text = status.Text };

    public WireStatusReference ToWire() => new(StatusId?.Value ?? 0, Kind ?? ContentKind.None, Text);
}

/// <summary>What a part of a text is.</summary>
internal sealed record MarkResource
{
    /// <summary>How it is shown, or that it names somebody.</summary>
    public MarkKind? Kind { get; init; }

    /// <summary>Where it begins, in UTF-16 units from 0.</summary>
    public int? Start { get; init; }

    /// <summary>How many UTF-16 units, from 1.</summary>
    public int? Length { get; init; }

    /// <summary>Whom a mention names.</summary>
    public WholeNumber? PrincipalId { get; init; }
}

/// <summary>A stored file.</summary>
internal sealed record MediaResource
{
    /// <summary>Names the file.</summary>
    public string? BlobId { get; init; }

    /// <summary>Such as image/jpeg.</summary>
    public string? ContentType { get; init; }

    /// <summary>How large it is.</summary>
    public WholeNumber? Bytes { get; init; }

    /// <summary>What the sender calls it.</summary>
    public string? FileName { get; init; }

    /// <summary>Pixels.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels.</summary>
    public int? Height { get; init; }

    /// <summary>Milliseconds of a sound or video.</summary>
    public WholeNumber? DurationMs { get; init; }

    /// <summary>A blur hash.</summary>
    public string? Preview { get; init; }

    /// <summary>Loudness of a voice message, at most 128 values of 0 to 255.</summary>
    public IReadOnlyList<int>? Waveform { get; init; }

    public static MediaResource From(WireMedia media) => new()
    {
        BlobId = media.BlobId,
        ContentType = media.ContentType,
        Bytes = new WholeNumber(media.Bytes),
        FileName = media.FileName,
        Width = media.Width,
        Height = media.Height,
        DurationMs = media.DurationMs is { } ms ? new WholeNumber(ms) : null,
        Preview = media.Preview,
        Waveform = [.. media.Waveform.Select(value => (int)value)],
    };

    public WireMedia ToWire() => new(
        BlobId ?? "", ContentType ?? "", Bytes?.Value ?? 0, FileName, Width, Height, DurationMs?.Value, Preview,
        [.. (Waveform ?? []).Select(value => (long)value)]);
}

/// <summary>A place.</summary>
internal sealed record LocationResource
{
    private const double Scale = 1e8;

    /// <summary>Degrees north, -90 to 90.</summary>
    public double? Latitude { get; init; }

    /// <summary>Degrees east, -180 to 180.</summary>
    public double? Longitude { get; init; }

    /// <summary>What it is called.</summary>
    public string? Name { get; init; }

    public static LocationResource From(WireLocation location) => new()
    {
        Latitude = Math.Round((location.Latitude / Scale) - 90, 8),
        Longitude = Math.Round((location.Longitude / Scale) - 180, 8),
        Name = location.Name,
    };

    public WireLocation ToWire() => new(ToWire(Latitude, 90), ToWire(Longitude, 180), Name);

    private static long ToWire(double? degrees, double zero) =>
        degrees is { } given && given >= -zero && given <= zero ? (long)Math.Round((given + zero) * Scale) : -1;
}

using Chat.Protocol.Frames.Elements;

namespace Chat.Sdk.Sync;

/// <summary>Turns contents of messages into what the wire carries, and back (protocol-spec.md §6.35).</summary>
internal static class ContentMapping
{
    private const double Degree = 1e8;

    public static MessageContent? ToContent(WireContent? wire) => wire is null ? null : new MessageContent
    {
        Kind = wire.Kind,
        Forwarded = wire.Forwarded,
        Marks = [.. wire.Marks.Select(mark => new TextMark(mark.Kind, mark.Start, mark.Length, mark.PrincipalId))],
        Media = wire.Media is { } media ? ToMedia(in media) : null,
        Location = wire.Location is { } place
            ? new GeoLocation(Math.Round((place.Latitude / Degree) - 90, 8), Math.Round((place.Longitude / Degree) - 180, 8), place.Name)
            : null,
        Contact = wire.Contact,
        Status = wire.Status is { } status ? new StatusReference(status.StatusId, status.Kind, status.Text) : null,
        Link = wire.Link is { } link ? ToPreview(in link) : null,
    };

    /// <exception cref="ArgumentException">The location is not on the earth.</exception>
    public static WireContent? ToWire(MessageContent? content) => content is null ? null : new WireContent(
        content.Kind,
        content.Forwarded,
        [.. content.Marks.Select(mark => new WireMark(mark.Kind, mark.Start, mark.Length, mark.PrincipalId))],
        content.Media is { } media ? ToWire(media) : null,
        content.Location is { } place
            ? new WireLocation(ToWire(place.Latitude, 90), ToWire(place.Longitude, 180), place.Name)
            : null,
        content.Contact,
        content.Status is { } status ? new WireStatusReference(status.StatusId, status.Kind, status.Text) : null,
        content.Link is { } link
            ? new WireLink(link.Url, link.Title, link.Description, link.SiteName, link.Image is { } image ? ToWire(image) : null, link.Token)
            : null);

    private static LinkPreview ToPreview(in WireLink link) => new()
    {
        Url = link.Url,
        Title = link.Title,
        Description = link.Description,
        SiteName = link.SiteName,
        Image = link.Image is { } image ? ToMedia(in image) : null,
        Token = link.Token,
    };

    private static MessageMedia ToMedia(in WireMedia media) => new()
    {
        BlobId = media.BlobId,
        ContentType = media.ContentType,
        Bytes = media.Bytes,
        FileName = media.FileName,
        Width = media.Width,
        Height = media.Height,
        Duration = media.DurationMs is { } ms ? TimeSpan.FromMilliseconds(Math.Min(ms, int.MaxValue)) : null,
        Preview = media.Preview,
        Waveform = [.. media.Waveform.Select(value => (byte)Math.Min(value, byte.MaxValue))],
    };

    private static WireMedia ToWire(MessageMedia media) => new(
        media.BlobId, media.ContentType, media.Bytes, media.FileName, media.Width, media.Height, (long?)media.Duration?.TotalMilliseconds, media.Preview,
        [.. media.Waveform.Select(value => (long)value)]);

    private static long ToWire(double degrees, double zero) => degrees >= -zero && degrees <= zero
        ? (long)Math.Round((degrees + zero) * Degree)
        : throw new ArgumentException($"The location has {degrees} degrees: at most {zero} either way are on the earth.");
}

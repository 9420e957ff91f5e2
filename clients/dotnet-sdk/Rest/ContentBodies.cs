using Chat.Protocol.Codes;

namespace Chat.Sdk.Rest;

/// <summary>A stored file, as REST has it.</summary>
internal sealed record MediaBody(
    string BlobId, string ContentType, long Bytes, string? FileName, int? Width, int? Height, long? DurationMs, string? Preview,
    IReadOnlyList<int>? Waveform)
{
    public static MediaBody From(MessageMedia media) => new(
        media.BlobId, media.ContentType, media.Bytes, media.FileName, media.Width, media.Height, (long?)media.Duration?.TotalMilliseconds,
        media.Preview, media.Waveform is { Count: > 0 } waveform ? [.. waveform.Select(value => (int)value)] : null);

    public MessageMedia ToMedia() => new()
    {
        BlobId = BlobId,
        ContentType = ContentType,
        Bytes = Bytes,
        FileName = FileName,
        Width = Width,
        Height = Height,
        Duration = DurationMs is { } ms ? TimeSpan.FromMilliseconds(Math.Min(ms, int.MaxValue)) : null,
        Preview = Preview,
        Waveform = [.. (Waveform ?? []).Select(value => (byte)Math.Clamp(value, byte.MinValue, byte.MaxValue))],
    };
}

internal sealed record MarkBody(MarkKind Kind, int Start, int Length, long? PrincipalId);

internal sealed record LocationBody(double Latitude, double Longitude, string? Name);

internal sealed record StatusReferenceBody(long StatusId, ContentKind Kind, string? Text);

/// <summary>The card of a page, as REST has it.</summary>
internal sealed record LinkBody(string Url, string? Title, string? Description, string? SiteName, MediaBody? Image, string Token)
{
    public static LinkBody From(LinkPreview link) =>
        new(link.Url, link.Title, link.Description, link.SiteName, link.Image is { } image ? MediaBody.From(image) : null, link.Token);

    public LinkPreview ToPreview() => new()
    {
        Url = Url,
        Title = Title,
        Description = Description,
        SiteName = SiteName,
        Image = Image?.ToMedia(),
        Token = Token,
    };
}

/// <summary>What a message is beside its text, as REST has it.</summary>
internal sealed record ContentBody(
    ContentKind Kind, int? Forwarded, IReadOnlyList<MarkBody>? Marks, MediaBody? Media, LocationBody? Location, string? Contact,
    StatusReferenceBody? Status, LinkBody? Link = null)
{
    public static ContentBody From(MessageContent content) => new(
        content.Kind,
        content.Forwarded,
        content.Marks is { Count: > 0 } marks ? [.. marks.Select(mark => new MarkBody(mark.Kind, mark.Start, mark.Length, mark.PrincipalId))] : null,
        content.Media is { } media ? MediaBody.From(media) : null,
        content.Location is { } place ? new LocationBody(place.Latitude, place.Longitude, place.Name) : null,
        content.Contact,
        content.Status is { } status ? new StatusReferenceBody(status.StatusId, status.Kind, status.Text) : null,
        content.Link is { } link ? LinkBody.From(link) : null);

    public MessageContent ToContent() => new()
    {
        Kind = Kind,
        Forwarded = Forwarded,
        Marks = [.. (Marks ?? []).Select(mark => new TextMark(mark.Kind, mark.Start, mark.Length, mark.PrincipalId))],
        Media = Media?.ToMedia(),
        Location = Location is { } place ? new GeoLocation(place.Latitude, place.Longitude, place.Name) : null,
        Contact = Contact,
        Status = Status is { } status ? new StatusReference(status.StatusId, status.Kind, status.Text) : null,
        Link = Link?.ToPreview(),
    };
}

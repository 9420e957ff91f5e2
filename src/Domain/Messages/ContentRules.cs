using System.Text;
using Chat.Domain.Links;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;

namespace Chat.Domain.Messages;

/// <summary>What the content of a message must satisfy (protocol-spec.md §6.35): strict, because it is stored and shown as it came.</summary>
internal static class ContentRules
{
    public const int MaxMarks = 100;
    public const int MaxContactBytes = 8_192;
    public const int MaxWaveform = 128;

    /// <summary>UTF-16 units of the beginning of a status that an answer to it carries.</summary>
    public const int MaxStatusChars = 100;

    /// <summary>UTF-16 units of the address of a link.</summary>
    public const int MaxUrlChars = 2_000;

    private const int MaxForwarded = 255;
    private const long MaxLatitude = 180L * 100_000_000;
    private const long MaxLongitude = 360L * 100_000_000;
    private const int MaxPixels = 100_000;
    private const int MaxBlobIdChars = 64;
    private const int MaxContentTypeChars = 100;
    private const int MaxPreviewChars = 100;

    /// <summary>Null when content and text may be stored together.</summary>
    public static Failure? Judge(WireContent content, string? text)
    {
        text ??= "";
        bool needsText = content.Kind == ContentKind.Text;
        if ((needsText || !string.IsNullOrEmpty(text)) && MessageText.Judge(text) is { } failure) return failure;
        if (content.Kind is < ContentKind.Text or > ContentKind.Contact) return Wrong("kind", "is not one of 1 to 8");
        if (content.Forwarded is < 1 or > MaxForwarded) return Wrong("forwarded", $"is not 1 to {MaxForwarded}; leave it out if the message is new");
        if ((content.Media is not null) != (content.Kind is >= ContentKind.Image and <= ContentKind.Document))
            return Wrong("media", "stands with the kinds 2 to 6, and only with them");
        if ((content.Location is not null) != (content.Kind == ContentKind.Location))
            return Wrong("location", "stands with the kind 7, and only with it");
        if ((content.Contact is not null) != (content.Kind == ContentKind.Contact))
            return Wrong("contact", "stands with the kind 8, and only with it");
        return JudgeMarks(content.Marks, text)
            ?? (content.Media is { } media ? JudgeMedia(media, content.Kind) : null)
            ?? (content.Location is { } location ? JudgeLocation(location) : null)
            ?? (content.Contact is { } contact ? JudgeContact(contact) : null)
            ?? (content.Status is { } status ? JudgeStatus(status, content.Forwarded) : null)
            ?? (content.Link is { } link ? JudgeLink(link, content.Kind, text) : null);
    }

    private static Failure? JudgeMarks(IReadOnlyList<WireMark> marks, string text)
    {
        if (marks.Count > MaxMarks) return Wrong("marks", $"are more than {MaxMarks}");
        int start = 0;
        foreach (WireMark mark in marks)
        {
            if (mark.Kind is < MarkKind.Bold or > MarkKind.Mention) return Wrong("marks", "have a kind that is not 1 to 5");
            if (mark.Start < start || mark.Start < 0) return Wrong("marks", "are not ascending by their start");
            if (mark.Length < 1 || mark.Start > text.Length || mark.Length > text.Length - mark.Start) return Wrong("marks", "reach beyond the text");
            if (CutsCharacter(text, mark.Start) || CutsCharacter(text, mark.Start + mark.Length)) return Wrong("marks", "cut a character in two");
            if ((mark.PrincipalId is not null) != (mark.Kind == MarkKind.Mention)) return Wrong("marks", "name a principal in a mention, and only there");
            start = mark.Start;
        }

        return null;
    }

    private static bool CutsCharacter(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]);

    private static Failure? JudgeMedia(in WireMedia media, ContentKind kind, string part = "media")
    {
        if (media.BlobId.Length is 0 or > MaxBlobIdChars || !media.BlobId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            return Wrong(part, $"has a blob_id that is not 1 to {MaxBlobIdChars} letters, digits, - and _");
        if (!IsContentType(media.ContentType)) return Wrong(part, "has a content_type that is none, such as image/jpeg");
        string? family = kind switch
        {
            ContentKind.Image => "image/",
            ContentKind.Video => "video/",
            ContentKind.Audio or ContentKind.Voice => "audio/",
            _ => null,
        };
        if (family is not null && !media.ContentType.StartsWith(family, StringComparison.Ordinal))
            return Wrong(part, $"has a content_type that is not {family}…");
        if (media.Bytes < 1) return Wrong(part, "has no bytes");
        if (media.FileName is { } name && !TextRules.TryName(name, "content", out _, out Failure? failure)) return failure;
        if (media.Width is < 1 or > MaxPixels || media.Height is < 1 or > MaxPixels)
            return Wrong(part, $"has a width or height that is not 1 to {MaxPixels}");
        if (media.DurationMs < 0) return Wrong(part, "has a duration below 0");
        if (media.Preview is { } preview && (preview.Length is 0 or > MaxPreviewChars || preview.Any(c => c is < '!' or > '~')))
            return Wrong(part, $"has a preview that is not 1 to {MaxPreviewChars} characters of ASCII");
        if (media.Waveform.Count > MaxWaveform || media.Waveform.Any(value => value is < 0 or > byte.MaxValue))
            return Wrong(part, $"has a waveform that is not at most {MaxWaveform} values of 0 to 255");
        return null;
    }

    private static bool IsContentType(string type)
    {
        int slash = type.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < type.Length - 1 && type.Length <= MaxContentTypeChars && type.IndexOf('/', slash + 1) < 0
            && type.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '/' or '.' or '+' or '-' or '_');
    }

    private static Failure? JudgeLocation(in WireLocation location)
    {
        if (location.Latitude is < 0 or > MaxLatitude || location.Longitude is < 0 or > MaxLongitude) return Wrong("location", "is not on the earth");
        return location.Name is { } name && !TextRules.TryName(name, "content", out _, out Failure? failure) ? failure : null;
    }

    private static Failure? JudgeContact(string card)
    {
        if (Encoding.UTF8.GetByteCount(card) > MaxContactBytes) return Wrong("contact", $"is over {MaxContactBytes} bytes");
        if (TextRules.HasLoneSurrogate(card)) return Wrong("contact", "is not valid Unicode");
        return VCard.IsValid(card) ? null : Wrong("contact", "is no vCard of version 3.0 or 4.0 with a name (FN)");
    }

    private static Failure? JudgeStatus(in WireStatusReference status, int? forwarded)
    {
        if (forwarded is not null) return Wrong("status", "does not go with a message that is passed on");
        if (status.StatusId < 1) return Wrong("status", "names none");
        if (status.Kind is < ContentKind.Text or > ContentKind.Video) return Wrong("status", "has a kind that is not 1 to 3");
        if (status.Text is not { } text) return null;
        return text.Length is 0 or > MaxStatusChars || TextRules.HasLoneSurrogate(text) || text.Contains('\0', StringComparison.Ordinal)
            ? Wrong("status", $"has a text that is not 1 to {MaxStatusChars} characters of Unicode")
            : null;
    }

    /// <summary>What else it may say its token tells: the service made it.</summary>
    private static Failure? JudgeLink(in WireLink link, ContentKind kind, string text)
    {
        if (kind != ContentKind.Text) return Wrong("link", "stands with the kind 1, and only with it");
        if (link.Url.Length is 0 or > MaxUrlChars) return Wrong("link", $"has a url that is not 1 to {MaxUrlChars} characters");
        if (!LinkText.Has(text, link.Url)) return Wrong("link", "has a url that is none of the links in the text");
        return link.Image is { } image ? JudgeLinkImage(image) : null;
    }

    private static Failure? JudgeLinkImage(in WireMedia image) =>
        image is { FileName: null, DurationMs: null, Preview: null, Waveform.Count: 0 }
            ? JudgeMedia(in image, ContentKind.Image, "link.image")
            : Wrong("link.image", "says more than blob_id, content_type, bytes, width and height");

    private static Failure Wrong(string part, string what) => Failures.Invalid("content", $"content.{part} {what} (protocol-spec.md §6.35).");
}

using System.Net;

namespace Chat.Domain.Links;

/// <summary>
/// What the head of a page says of it: OpenGraph, the card of Twitter, its title and description. Read by a walk over its tags that builds no tree:
/// whatever the page nests, leaves open or repeats, each character is looked at a bounded number of times.
/// </summary>
internal sealed class HtmlHead
{
    /// <summary>Of the raw value of an attribute, and of a title; what is shown of it is far shorter.</summary>
    private const int MaxValueChars = 8_192;

    private readonly Dictionary<string, string> _said = new(StringComparer.OrdinalIgnoreCase);
    private string? _title;

    private HtmlHead()
    {
    }

    public string? Title => First("og:title", "twitter:title") ?? _title;

    public string? Description => First("og:description", "twitter:description", "description");

    public string? SiteName => First("og:site_name");

    /// <summary>As it stands there; it may be relative.</summary>
    public string? Image => First("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src");

    /// <summary>What the page says of its own encoding.</summary>
    public string? Charset { get; private set; }

    /// <summary>It ended, or the body began, in what there is of the page.</summary>
    public bool IsWhole { get; private set; }

    /// <param name="html">The beginning of a page.</param>
    public static HtmlHead Read(string html)
    {
        HtmlHead head = new();
        HtmlTags tags = new(html);
        while (tags.TryReadTag())
        {
            if (tags.IsEnd ? tags.Is("head") : tags.Is("body") || tags.Is("frameset") || tags.Is("plaintext"))
            {
                head.IsWhole = true;
                break;
            }

            if (tags.IsEnd) continue;
            if (tags.Is("meta")) head.TakeMeta(tags);
            else if (tags.Is("title")) head.TakeTitle(tags.ReadRaw());
            else if (tags.HasRawContent) tags.ReadRaw();
        }

        return head;
    }

    private void TakeTitle(ReadOnlySpan<char> text)
    {
        if (_title is null && Decode(text) is { } title && !string.IsNullOrWhiteSpace(title)) _title = title;
    }

    private void TakeMeta(in HtmlTags tags)
    {
        ReadOnlySpan<char> content = tags.Attribute("content");
        if (tags.Attribute("charset") is { IsEmpty: false } charset) Charset ??= charset.ToString();
        else if (tags.Attribute("http-equiv").Equals("content-type", StringComparison.OrdinalIgnoreCase)) Charset ??= CharsetOf(content);

        ReadOnlySpan<char> name = tags.Attribute("property");
        if (name.IsEmpty) name = tags.Attribute("name");
        name = name.Trim();
        if (name.Length is 0 or > 32 || content.IsWhiteSpace()) return; // none that is asked for is longer
        _said.TryAdd(name.ToString(), Decode(content)); // the first one counts
    }

    private string? First(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            if (_said.TryGetValue(name, out string? value)) return value;
        return null;
    }

    private static string? CharsetOf(ReadOnlySpan<char> contentType)
    {
        int at = contentType.IndexOf("charset=", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        ReadOnlySpan<char> name = contentType[(at + "charset=".Length)..];
        int end = name.IndexOfAny(';', ' ');
        return (end < 0 ? name : name[..end]).ToString();
    }

    /// <summary>Character references become what they stand for; those of the C1 controls what Windows has there, as HTML says.</summary>
    private static string Decode(ReadOnlySpan<char> raw)
    {
        string text = WebUtility.HtmlDecode(raw[..Math.Min(raw.Length, MaxValueChars)].ToString());
        return text.AsSpan().ContainsAnyInRange('\u0080', '\u009f')
            ? string.Create(text.Length, text, static (chars, from) =>
            {
                for (int i = 0; i < chars.Length; i++) chars[i] = from[i] is >= '\u0080' and <= '\u009f' ? Windows1252[from[i] - 0x80] : from[i];
            })
            : text;
    }

    /// <summary>0x80 … 0x9F of windows-1252; five are nothing there, either.</summary>
    private const string Windows1252 =
        "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
}

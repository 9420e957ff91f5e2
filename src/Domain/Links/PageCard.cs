namespace Chat.Domain.Links;

/// <summary>What is shown of a page, out of its HTML.</summary>
/// <param name="Image">Where its picture is; null for none.</param>
public sealed record PageCard(string? Title, string? Description, string? SiteName, Uri? Image)
{
    /// <summary>Bytes of a page that are looked at.</summary>
    public const int MaxHtmlBytes = 1 << 20;

    /// <param name="html">The beginning of the page, at most <see cref="MaxHtmlBytes"/>.</param>
    /// <param name="charset">What its Content-Type says.</param>
    /// <param name="url">Where it is, after all redirects.</param>
    public static PageCard Read(ReadOnlySpan<byte> html, string? charset, Uri url)
    {
        HtmlHead head = HtmlHead.Read(PageCharset.Decode(html, charset));
        string? image = head.Image?.Trim();
        return new PageCard(
            PageText.Clean(head.Title, PageText.MaxTitle),
            PageText.Clean(head.Description, PageText.MaxDescription),
            PageText.Clean(head.SiteName, PageText.MaxSiteName),
            image is not null && Uri.TryCreate(url, image, out Uri? address) ? address : null);
    }

    /// <summary>Whether all that says something of the page has come: its head is at its end, or its body has begun.</summary>
    /// <inheritdoc cref="Read" path="/param[@name='charset']"/>
    public static bool HasWholeHead(ReadOnlySpan<byte> html, string? charset) => HtmlHead.Read(PageCharset.Decode(html, charset)).IsWhole;

    /// <summary>Of a picture that has an address of its own: its file name is its title.</summary>
    public static string? TitleOfFile(Uri url)
    {
        string path = url.AbsolutePath;
        return PageText.Clean(Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]), PageText.MaxTitle);
    }
}

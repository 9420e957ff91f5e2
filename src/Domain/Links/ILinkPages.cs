namespace Chat.Domain.Links;

/// <summary>Asks the outside for pages.</summary>
public interface ILinkPages
{
    /// <summary>
    /// The page and its picture; null when it cannot be had or has nothing to show; a failure when this node did not come to ask for it. In bounded
    /// time, and never more than bounded memory.
    /// </summary>
    Task<Result<LinkPage?>> FetchAsync(Uri url, CancellationToken ct);
}

/// <summary>What a page says of itself, ready to be shown.</summary>
public sealed record LinkPage(string? Title, string? Description, string? SiteName, LinkImage? Image)
{
    /// <summary>There is more than whose it is.</summary>
    public bool HasContent => Title is not null || Description is not null || Image is not null;
}

/// <summary>A page's picture.</summary>
/// <param name="Bytes">All of it, as it came.</param>
/// <param name="Extension">What its content is, as a file name says it: <c>png</c>.</param>
/// <param name="Width">Pixels; null where the picture does not say it plainly.</param>
/// <param name="Height">Likewise.</param>
public sealed record LinkImage(byte[] Bytes, string Extension, int? Width, int? Height);

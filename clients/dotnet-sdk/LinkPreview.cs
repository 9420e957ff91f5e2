namespace Chat.Sdk;

/// <summary>
/// The card of a page that a message's text links to: text and a picture, and never markup. A message carries it as the service made it,
/// all of it.
/// </summary>
public sealed record LinkPreview
{
    /// <summary>The address, as it stands in the text.</summary>
    public required string Url { get; init; }

    /// <summary>What the page calls itself, at most 200 characters.</summary>
    public string? Title { get; init; }

    /// <summary>What it says of itself, at most 500 characters.</summary>
    public string? Description { get; init; }

    /// <summary>Whose it is, at most 100 characters.</summary>
    public string? SiteName { get; init; }

    /// <summary>Its picture: a file, as <see cref="MessageContent.Media"/> is.</summary>
    public MessageMedia? Image { get; init; }

    /// <summary>Says that the service made all of it.</summary>
    public required string Token { get; init; }
}

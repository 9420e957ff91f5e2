using Chat.Protocol.Frames.Elements;

namespace Chat.AdminApi.Rest.Messages;

/// <summary>The card of a page (protocol-spec.md §6.43): a message carries it as the service made it.</summary>
internal sealed record LinkResource
{
    /// <summary>The address, as it stands in the text.</summary>
    public string? Url { get; init; }

    /// <summary>What the page calls itself, at most 200 characters.</summary>
    public string? Title { get; init; }

    /// <summary>What it says of itself, at most 500 characters.</summary>
    public string? Description { get; init; }

    /// <summary>Whose it is, at most 100 characters.</summary>
    public string? SiteName { get; init; }

    /// <summary>Its picture: a file that the asker uploads with the message. Null for none.</summary>
    public MediaResource? Image { get; init; }

    /// <summary>Says that the service made all of it.</summary>
    public string? Token { get; init; }

    public static LinkResource From(WireLink link) => new()
    {
        Url = link.Url,
        Title = link.Title,
        Description = link.Description,
        SiteName = link.SiteName,
        Image = link.Image is { } image ? MediaResource.From(image) : null,
        Token = link.Token,
    };

    /// <summary>What is missing becomes a value that the use case refuses.</summary>
    public WireLink ToWire() => new(Url ?? "", Title, Description, SiteName, Image?.ToWire(), Token ?? "");
}

using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>The card of a page that a message's text links to, protocol-spec.md §6.43: as the service made it for the sender.</summary>
/// <param name="Url">The address, as it stands in the text.</param>
/// <param name="Title">What the page calls itself.</param>
/// <param name="Description">What it says of itself.</param>
/// <param name="SiteName">Whose it is.</param>
/// <param name="Image">Its picture: a stored file.</param>
/// <param name="Token">Says that the service made all of it.</param>
public readonly record struct WireLink(
    string Url, string? Title, string? Description, string? SiteName, WireMedia? Image, string Token)
    : IElement<WireLink>
{
    private const int FieldCount = 6;

    static void IElement<WireLink>.Write(in WireLink element, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(element.Url);
        writer.WriteOptional(element.Title);
        writer.WriteOptional(element.Description);
        writer.WriteOptional(element.SiteName);
        writer.WriteOptional(element.Image);
        writer.WriteString(element.Token);
    }

    static WireLink IElement<WireLink>.Read(ref FieldReader fields) =>
        new(
            fields.ReadText(),
            fields.ReadOptionalText(),
            fields.ReadOptionalText(),
            fields.ReadOptionalText(),
            fields.ReadOptionalElement<WireMedia>(),
            fields.ReadText());
}

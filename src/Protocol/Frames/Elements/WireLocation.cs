using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>A place, protocol-spec.md §6.35.</summary>
/// <param name="Latitude">(Degrees north + 90) · 10^8.</param>
/// <param name="Longitude">(Degrees east + 180) · 10^8.</param>
/// <param name="Name">What it is called.</param>
public readonly record struct WireLocation(long Latitude, long Longitude, string? Name = null) : IElement<WireLocation>
{
    static void IElement<WireLocation>.Write(in WireLocation element, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(element.Name is null ? 2 : 3);
        writer.WriteInt64(element.Latitude);
        writer.WriteInt64(element.Longitude);
        if (element.Name is not null) writer.WriteString(element.Name);
    }

    static WireLocation IElement<WireLocation>.Read(ref FieldReader fields) =>
        new(fields.ReadInteger(), fields.ReadInteger(), fields.ReadOptionalText());
}

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>What a message is beside its text, protocol-spec.md §6.35. Plain text has none.</summary>
/// <param name="Kind">What it consists of.</param>
/// <param name="Forwarded">How often it was passed on; null for never.</param>
/// <param name="Marks">Formatting and mentions in the text, ascending by start.</param>
/// <param name="Media">Kinds image to document.</param>
/// <param name="Location">Kind location.</param>
/// <param name="Contact">Kind contact: a vCard.</param>
/// <param name="Status">The status that the message answers.</param>
/// <param name="Link">Kind text: the card of a page that the text links to.</param>
public sealed record WireContent(
    ContentKind Kind, int? Forwarded, IReadOnlyList<WireMark> Marks, WireMedia? Media, WireLocation? Location, string? Contact,
    WireStatusReference? Status = null, WireLink? Link = null)
    : IElement<WireContent>
{
    /// <summary>Marks that a receiver keeps: one above the limit, which is then refused.</summary>
    private const int MaxMarks = 101;

    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    private int FieldCount =>
        Link is not null ? 8
        : Status is not null ? 7
        : Contact is not null ? 6
        : Location is not null ? 5
        : Media is not null ? 4
        : Marks is { Count: > 0 } ? 3
        : Forwarded is not null ? 2
        : 1;

    static void IElement<WireContent>.Write(in WireContent element, ref MessagePackWriter writer)
    {
        int count = element.FieldCount;
        writer.WriteArrayHeader(count);
        writer.WriteInt64((long)element.Kind);
        if (count > 1) writer.WriteOptional(element.Forwarded);
        if (count > 2) writer.WriteElements(element.Marks);
        if (count > 3) writer.WriteOptional(element.Media);
        if (count > 4) writer.WriteOptional(element.Location);
        if (count > 5) writer.WriteOptional(element.Contact);
        if (count > 6) writer.WriteOptional(element.Status);
        if (count > 7) writer.WriteOptional(element.Link);
    }

    static WireContent IElement<WireContent>.Read(ref FieldReader fields) =>
        new(
            (ContentKind)fields.ReadByte(),
            fields.ReadOptionalInt32(),
            fields.ReadOptionalElements<WireMark>(MaxMarks),
            fields.ReadOptionalElement<WireMedia>(),
            fields.ReadOptionalElement<WireLocation>(),
            fields.ReadOptionalText(),
            fields.ReadOptionalElement<WireStatusReference>(),
            fields.ReadOptionalElement<WireLink>());
}

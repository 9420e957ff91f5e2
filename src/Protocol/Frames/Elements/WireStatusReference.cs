using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>The status that a message answers, protocol-spec.md §6.38: enough of it to read well when it is gone.</summary>
/// <param name="StatusId">Which one.</param>
/// <param name="Kind">Text, image or video.</param>
/// <param name="Text">How its text or caption begins.</param>
public readonly record struct WireStatusReference(long StatusId, ContentKind Kind, string? Text = null) : IElement<WireStatusReference>
{
    static void IElement<WireStatusReference>.Write(in WireStatusReference element, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(element.Text is null ? 2 : 3);
        writer.WriteInt64(element.StatusId);
        writer.WriteInt64((long)element.Kind);
        if (element.Text is not null) writer.WriteString(element.Text);
    }

    static WireStatusReference IElement<WireStatusReference>.Read(ref FieldReader fields) =>
        new(fields.ReadInteger(), (ContentKind)fields.ReadByte(), fields.ReadOptionalText());
}

using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>What somebody began to write in a chat, protocol-spec.md §6.36.</summary>
/// <param name="Version">Grows with every change; the draft with the highest is the present one.</param>
/// <param name="Text">What is written so far.</param>
/// <param name="ReplyTo">The sequence of the message that is to be answered.</param>
public sealed record WireDraft(long Version, string Text, long? ReplyTo = null) : IElement<WireDraft>
{
    static void IElement<WireDraft>.Write(in WireDraft element, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(element.ReplyTo is null ? 2 : 3);
        writer.WriteInt64(element.Version);
        writer.WriteString(element.Text);
        if (element.ReplyTo is not null) writer.WriteOptional(element.ReplyTo);
    }

    static WireDraft IElement<WireDraft>.Read(ref FieldReader fields) =>
        new(fields.ReadInteger(), fields.ReadText(), fields.ReadOptionalInteger());
}

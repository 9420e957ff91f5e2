using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>The unread messages of a chat that mention its asker, protocol-spec.md §6.44.</summary>
/// <param name="Count">How many, from 1.</param>
/// <param name="First">The sequence of the first of them.</param>
public sealed record WireMentions(int Count, long First) : IElement<WireMentions>
{
    static void IElement<WireMentions>.Write(in WireMentions element, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteInt64(element.Count);
        writer.WriteInt64(element.First);
    }

    static WireMentions IElement<WireMentions>.Read(ref FieldReader fields) => new(fields.ReadInt32(), fields.ReadInteger());
}

using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>How many people reacted with an emoji, protocol-spec.md §6.25.</summary>
/// <param name="Emoji">What they reacted with.</param>
/// <param name="Count">How many, from 1.</param>
public readonly record struct WireReaction(string Emoji, int Count) : IElement<WireReaction>
{
    static void IElement<WireReaction>.Write(in WireReaction element, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteString(element.Emoji);
        writer.WriteInt64(element.Count);
    }

    static WireReaction IElement<WireReaction>.Read(ref FieldReader fields) => new(fields.ReadText(), fields.ReadInt32());
}

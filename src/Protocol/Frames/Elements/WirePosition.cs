using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>How far a client holds a chat, protocol-spec.md §6.1.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Epoch">The identity of its numbering.</param>
/// <param name="Sequence">The newest sequence up to which the client holds everything; 0 for nothing.</param>
public readonly record struct WirePosition(long ChatId, long Epoch, long Sequence) : IElement<WirePosition>
{
    static void IElement<WirePosition>.Write(in WirePosition element, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.WriteInt64(element.ChatId);
        writer.WriteInt64(element.Epoch);
        writer.WriteInt64(element.Sequence);
    }

    static WirePosition IElement<WirePosition>.Read(ref FieldReader fields) =>
        new(fields.ReadInteger(), fields.ReadInteger(), fields.ReadInteger());
}

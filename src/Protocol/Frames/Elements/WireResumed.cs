using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>What a welcome says about one position, protocol-spec.md §6.15.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Epoch">The present epoch; 0 if the principal may see nothing of the chat.</param>
/// <param name="HeadSequence">The newest sequence that the principal may see.</param>
/// <param name="Recovered">False: the position is void, drop what is held.</param>
public readonly record struct WireResumed(long ChatId, long Epoch, long HeadSequence, bool Recovered) : IElement<WireResumed>
{
    static void IElement<WireResumed>.Write(in WireResumed element, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(4);
        writer.WriteInt64(element.ChatId);
        writer.WriteInt64(element.Epoch);
        writer.WriteInt64(element.HeadSequence);
        writer.WriteBoolean(element.Recovered);
    }

    static WireResumed IElement<WireResumed>.Read(ref FieldReader fields) =>
        new(fields.ReadInteger(), fields.ReadInteger(), fields.ReadInteger(), fields.ReadBoolean());
}

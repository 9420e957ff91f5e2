using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>What a member has got and read, protocol-spec.md §6.26.</summary>
/// <param name="PrincipalId">Who.</param>
/// <param name="DeliveredUpTo">The member's watermark.</param>
/// <param name="ReadUpTo">The member's watermark.</param>
public readonly record struct WireReceipt(long PrincipalId, long DeliveredUpTo, long ReadUpTo) : IElement<WireReceipt>
{
    static void IElement<WireReceipt>.Write(in WireReceipt element, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.WriteInt64(element.PrincipalId);
        writer.WriteInt64(element.DeliveredUpTo);
        writer.WriteInt64(element.ReadUpTo);
    }

    static WireReceipt IElement<WireReceipt>.Read(ref FieldReader fields) =>
        new(fields.ReadInteger(), fields.ReadInteger(), fields.ReadInteger());
}

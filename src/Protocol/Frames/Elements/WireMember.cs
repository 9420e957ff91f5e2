using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>One member of a chat, protocol-spec.md §6.21.</summary>
/// <param name="PrincipalId">Who.</param>
/// <param name="Name">The principal's name.</param>
/// <param name="Role">The member's role.</param>
/// <param name="DeliveredUpTo">The member's watermark.</param>
/// <param name="ReadUpTo">The member's watermark.</param>
/// <param name="JoinedAtSequence">The member sees nothing before it.</param>
public readonly record struct WireMember(
    long PrincipalId, string Name, MemberRole Role, long DeliveredUpTo, long ReadUpTo, long JoinedAtSequence)
    : IElement<WireMember>
{
    static void IElement<WireMember>.Write(in WireMember element, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(6);
        writer.WriteInt64(element.PrincipalId);
        writer.WriteString(element.Name);
        writer.WriteInt64((long)element.Role);
        writer.WriteInt64(element.DeliveredUpTo);
        writer.WriteInt64(element.ReadUpTo);
        writer.WriteInt64(element.JoinedAtSequence);
    }

    static WireMember IElement<WireMember>.Read(ref FieldReader fields) =>
        new(
            fields.ReadInteger(),
            fields.ReadText(),
            (MemberRole)fields.ReadByte(),
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadInteger());
}

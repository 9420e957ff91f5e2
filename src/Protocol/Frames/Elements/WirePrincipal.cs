using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>Who a principal is, protocol-spec.md §6.22.</summary>
/// <param name="PrincipalId">Who.</param>
/// <param name="Kind">Person, agent, visitor or bot.</param>
/// <param name="Name">The principal's name.</param>
public readonly record struct WirePrincipal(long PrincipalId, PrincipalKind Kind, string Name) : IElement<WirePrincipal>
{
    static void IElement<WirePrincipal>.Write(in WirePrincipal element, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.WriteInt64(element.PrincipalId);
        writer.WriteInt64((long)element.Kind);
        writer.WriteString(element.Name);
    }

    static WirePrincipal IElement<WirePrincipal>.Read(ref FieldReader fields) =>
        new(fields.ReadInteger(), (PrincipalKind)fields.ReadByte(), fields.ReadText());
}

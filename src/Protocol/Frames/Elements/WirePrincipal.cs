using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>Who a principal is, protocol-spec.md §6.22.</summary>
/// <param name="PrincipalId">Who.</param>
/// <param name="Kind">Person, agent, visitor or bot.</param>
/// <param name="Name">The principal's name.</param>
/// <param name="About">What the principal says of themselves; null when there is nothing or the asker may not see it.</param>
/// <param name="Avatar">A reference to a picture; likewise.</param>
public readonly record struct WirePrincipal(long PrincipalId, PrincipalKind Kind, string Name, string? About = null, string? Avatar = null)
    : IElement<WirePrincipal>
{
    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    internal int FieldCount => Avatar is not null ? 5 : About is not null ? 4 : 3;

    static void IElement<WirePrincipal>.Write(in WirePrincipal element, ref MessagePackWriter writer)
    {
        int count = element.FieldCount;
        writer.WriteArrayHeader(count);
        writer.WriteInt64(element.PrincipalId);
        writer.WriteInt64((long)element.Kind);
        writer.WriteString(element.Name);
        if (count > 3) writer.WriteOptional(element.About);
        if (count > 4) writer.WriteOptional(element.Avatar);
    }

    static WirePrincipal IElement<WirePrincipal>.Read(ref FieldReader fields) =>
        new(fields.ReadInteger(), (PrincipalKind)fields.ReadByte(), fields.ReadText(), fields.ReadOptionalText(), fields.ReadOptionalText());
}

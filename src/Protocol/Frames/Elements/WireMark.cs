using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>What a part of a text is, protocol-spec.md §6.35.</summary>
/// <param name="Kind">How it is shown, or that it names somebody.</param>
/// <param name="Start">Where it begins, in UTF-16 units from 0.</param>
/// <param name="Length">How many UTF-16 units, from 1.</param>
/// <param name="PrincipalId">Kind mention: whom it names.</param>
public readonly record struct WireMark(MarkKind Kind, int Start, int Length, long? PrincipalId = null) : IElement<WireMark>
{
    static void IElement<WireMark>.Write(in WireMark element, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(element.PrincipalId is null ? 3 : 4);
        writer.WriteInt64((long)element.Kind);
        writer.WriteInt64(element.Start);
        writer.WriteInt64(element.Length);
        if (element.PrincipalId is { } principalId) writer.WriteInt64(principalId);
    }

    static WireMark IElement<WireMark>.Read(ref FieldReader fields) =>
        new((MarkKind)fields.ReadByte(), fields.ReadInt32(), fields.ReadInt32(), fields.ReadOptionalInteger());
}

using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>Whether a principal is there, protocol-spec.md §6.23.</summary>
/// <param name="PrincipalId">Who.</param>
/// <param name="Online">Whether any session of the principal is open.</param>
/// <param name="LastSeenMs">Unix ms; null while online or never seen.</param>
public readonly record struct WirePresence(long PrincipalId, bool Online, long? LastSeenMs = null) : IElement<WirePresence>
{
    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    internal int FieldCount => LastSeenMs is not null ? 3 : 2;

    static void IElement<WirePresence>.Write(in WirePresence element, ref MessagePackWriter writer)
    {
        int count = element.FieldCount;
        writer.WriteArrayHeader(count);
        writer.WriteInt64(element.PrincipalId);
        writer.WriteBoolean(element.Online);
        if (count > 2) writer.WriteOptional(element.LastSeenMs);
    }

    static WirePresence IElement<WirePresence>.Read(ref FieldReader fields) =>
        new(fields.ReadInteger(), fields.ReadBoolean(), fields.ReadOptionalInteger());
}

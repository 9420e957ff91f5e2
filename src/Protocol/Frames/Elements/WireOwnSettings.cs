using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>What a chat is to its asker alone, protocol-spec.md §6.36.</summary>
/// <param name="Archived">It is in the archive now.</param>
/// <param name="Pinned">It stands above the others.</param>
/// <param name="MarkedUnread">It was marked as unread, and nothing of it was read since.</param>
/// <param name="MutedUntilMs">Nothing of it is notified until then, Unix ms; null when it is not muted.</param>
/// <param name="Theme">The name of the asker's own theme.</param>
/// <param name="ClearedUpTo">The asker cleared the history up to here.</param>
/// <param name="Draft">What the asker began to write.</param>
public sealed record WireOwnSettings(
    bool Archived, bool Pinned, bool MarkedUnread, long? MutedUntilMs = null, string? Theme = null, long? ClearedUpTo = null,
    WireDraft? Draft = null)
    : IElement<WireOwnSettings>
{
    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    private int FieldCount =>
        Draft is not null ? 7
        : ClearedUpTo is not null ? 6
        : Theme is not null ? 5
        : MutedUntilMs is not null ? 4
        : 3;

    static void IElement<WireOwnSettings>.Write(in WireOwnSettings element, ref MessagePackWriter writer)
    {
        int count = element.FieldCount;
        writer.WriteArrayHeader(count);
        writer.WriteBoolean(element.Archived);
        writer.WriteBoolean(element.Pinned);
        writer.WriteBoolean(element.MarkedUnread);
        if (count > 3) writer.WriteOptional(element.MutedUntilMs);
        if (count > 4) writer.WriteOptional(element.Theme);
        if (count > 5) writer.WriteOptional(element.ClearedUpTo);
        if (count > 6) writer.WriteOptionalObject(element.Draft);
    }

    static WireOwnSettings IElement<WireOwnSettings>.Read(ref FieldReader fields) =>
        new(
            fields.ReadBoolean(),
            fields.ReadBoolean(),
            fields.ReadBoolean(),
            fields.ReadOptionalInteger(),
            fields.ReadOptionalText(),
            fields.ReadOptionalInteger(),
            fields.ReadOptionalObject<WireDraft>());
}

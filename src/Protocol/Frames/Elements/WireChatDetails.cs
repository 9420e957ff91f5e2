using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>What a group or channel is to everybody in it, beside its name, protocol-spec.md §6.37.</summary>
/// <param name="SendRole">The least role that writes.</param>
/// <param name="EditRole">The least role that changes name, description, picture and theme.</param>
/// <param name="AddRole">The least role that adds people and makes invite links.</param>
/// <param name="Description">What it is about.</param>
/// <param name="Avatar">A reference to a picture.</param>
/// <param name="Theme">The name of the theme for all.</param>
/// <param name="Handle">The public name of a channel.</param>
public sealed record WireChatDetails(
    MemberRole SendRole, MemberRole EditRole, MemberRole AddRole, string? Description = null, string? Avatar = null, string? Theme = null,
    string? Handle = null)
    : IElement<WireChatDetails>
{
    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    private int FieldCount =>
        Handle is not null ? 7
        : Theme is not null ? 6
        : Avatar is not null ? 5
        : Description is not null ? 4
        : 3;

    static void IElement<WireChatDetails>.Write(in WireChatDetails element, ref MessagePackWriter writer)
    {
        int count = element.FieldCount;
        writer.WriteArrayHeader(count);
        writer.WriteInt64((long)element.SendRole);
        writer.WriteInt64((long)element.EditRole);
        writer.WriteInt64((long)element.AddRole);
        if (count > 3) writer.WriteOptional(element.Description);
        if (count > 4) writer.WriteOptional(element.Avatar);
        if (count > 5) writer.WriteOptional(element.Theme);
        if (count > 6) writer.WriteOptional(element.Handle);
    }

    static WireChatDetails IElement<WireChatDetails>.Read(ref FieldReader fields) =>
        new(
            (MemberRole)fields.ReadByte(),
            (MemberRole)fields.ReadByte(),
            (MemberRole)fields.ReadByte(),
            fields.ReadOptionalText(),
            fields.ReadOptionalText(),
            fields.ReadOptionalText(),
            fields.ReadOptionalText());
}

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>One chat as its asker sees it, protocol-spec.md §6.20.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Epoch">The identity of its numbering.</param>
/// <param name="Name">Null for a direct chat.</param>
/// <param name="Role">The asker's.</param>
/// <param name="JoinedAtSequence">The asker sees nothing before it.</param>
/// <param name="HeadSequence">The newest sequence that the asker may see.</param>
/// <param name="DeliveredUpTo">The asker's watermark.</param>
/// <param name="ReadUpTo">The asker's watermark.</param>
/// <param name="Unread">Messages above the asker's read watermark.</param>
/// <param name="OthersDeliveredUpTo">The lowest of all other members.</param>
/// <param name="OthersReadUpTo">The lowest of all other members.</param>
/// <param name="MemberCount">Members now, the asker included.</param>
/// <param name="PeerId">The other one of a direct chat.</param>
/// <param name="PeerName">The other one's name.</param>
/// <param name="LastEvent">The newest event that the asker may see and that is more than a change of a message.</param>
/// <param name="CreatedAtMs">Unix ms.</param>
/// <param name="LastActivityMs">Time of the newest event that is more than a change of a message, Unix ms.</param>
/// <param name="Own">What it is to the asker alone; null while all of it is as at the beginning.</param>
/// <param name="Details">What it is to everybody in it beside its name; null while all of it is as at the beginning.</param>
/// <param name="Mentions">The unread messages that mention the asker; null for none.</param>
public readonly record struct WireChat(
    long ChatId, ChatKind Kind, long Epoch, string? Name, MemberRole Role, long JoinedAtSequence, long HeadSequence,
    long DeliveredUpTo, long ReadUpTo, long Unread, long OthersDeliveredUpTo, long OthersReadUpTo, int MemberCount,
    long? PeerId, string? PeerName, WireEvent? LastEvent, long CreatedAtMs, long LastActivityMs,
    WireOwnSettings? Own = null, WireChatDetails? Details = null, WireMentions? Mentions = null)
    : IElement<WireChat>
{
    static void IElement<WireChat>.Write(in WireChat element, ref MessagePackWriter writer)
    {
        int count = element.Mentions is not null ? 21 : element.Details is not null ? 20 : element.Own is not null ? 19 : 18;
        writer.WriteArrayHeader(count);
        writer.WriteInt64(element.ChatId);
        writer.WriteInt64((long)element.Kind);
        writer.WriteInt64(element.Epoch);
        writer.WriteOptional(element.Name);
        writer.WriteInt64((long)element.Role);
        writer.WriteInt64(element.JoinedAtSequence);
        writer.WriteInt64(element.HeadSequence);
        writer.WriteInt64(element.DeliveredUpTo);
        writer.WriteInt64(element.ReadUpTo);
        writer.WriteInt64(element.Unread);
        writer.WriteInt64(element.OthersDeliveredUpTo);
        writer.WriteInt64(element.OthersReadUpTo);
        writer.WriteInt64(element.MemberCount);
        writer.WriteOptional(element.PeerId);
        writer.WriteOptional(element.PeerName);
        writer.WriteOptional(element.LastEvent);
        writer.WriteInt64(element.CreatedAtMs);
        writer.WriteInt64(element.LastActivityMs);
        if (count > 18) writer.WriteOptionalObject(element.Own);
        if (count > 19) writer.WriteOptionalObject(element.Details);
        if (count > 20) writer.WriteOptionalObject(element.Mentions);
    }

    static WireChat IElement<WireChat>.Read(ref FieldReader fields) =>
        new(
            fields.ReadInteger(),
            (ChatKind)fields.ReadByte(),
            fields.ReadInteger(),
            fields.ReadOptionalText(),
            (MemberRole)fields.ReadByte(),
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadInt32(),
            fields.ReadOptionalInteger(),
            fields.ReadOptionalText(),
            fields.ReadOptionalElement<WireEvent>(),
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadOptionalObject<WireOwnSettings>(),
            fields.ReadOptionalObject<WireChatDetails>(),
            fields.ReadOptionalObject<WireMentions>());
}

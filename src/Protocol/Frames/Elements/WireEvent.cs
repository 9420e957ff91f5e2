using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Elements;

/// <summary>One durable entry of a chat's log, protocol-spec.md §6.25.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Sequence">Its number in the chat, from 1.</param>
/// <param name="Kind">What happened; a value that the enum does not name is kept.</param>
/// <param name="SenderId">The principal who did it.</param>
/// <param name="CreatedAtMs">Time of the commit, Unix ms.</param>
/// <param name="ClientMessageId">Kind message: the sender's key.</param>
/// <param name="ReplyTo">Kind message: the sequence of the message answered. Kinds edited to unpinned: that of the message changed.</param>
/// <param name="Text">
/// Kind message: the text. Kinds chat_created and renamed: the name. Kind edited: the new text. Kind reaction: the emoji, empty when taken back.
/// </param>
/// <param name="SubjectId">The member that it is about; in an inbox the chat.</param>
/// <param name="Role">Kinds member_added and role_changed: the member's role.</param>
/// <param name="Previous">Kind reaction: the emoji that it replaces or takes back.</param>
/// <param name="Changes">Kind message, in history and in chats: what became of it since.</param>
/// <param name="Content">Kind message: what it is beside its text; null for plain text.</param>
public readonly record struct WireEvent(
    long ChatId, long Sequence, EventKind Kind, long SenderId, long CreatedAtMs, Guid? ClientMessageId = null,
    long? ReplyTo = null, string? Text = null, long? SubjectId = null, MemberRole? Role = null,
    string? Previous = null, WireChanges? Changes = null, WireContent? Content = null)
    : IElement<WireEvent>
{
    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    internal int FieldCount =>
        Content is not null ? 13
        : Changes is not null ? 12
        : Previous is not null ? 11
        : Role is not null ? 10
        : SubjectId is not null ? 9
        : Text is not null ? 8
        : ReplyTo is not null ? 7
        : ClientMessageId is not null ? 6
        : 5;

    static void IElement<WireEvent>.Write(in WireEvent element, ref MessagePackWriter writer)
    {
        int count = element.FieldCount;
        writer.WriteArrayHeader(count);
        WriteFields(in element, count, ref writer);
    }

    static WireEvent IElement<WireEvent>.Read(ref FieldReader fields) => ReadFields(ref fields);

    internal static void WriteFields(in WireEvent element, int count, ref MessagePackWriter writer)
    {
        writer.WriteInt64(element.ChatId);
        writer.WriteInt64(element.Sequence);
        writer.WriteInt64((long)element.Kind);
        writer.WriteInt64(element.SenderId);
        writer.WriteInt64(element.CreatedAtMs);
        if (count > 5) writer.WriteOptional(element.ClientMessageId);
        if (count > 6) writer.WriteOptional(element.ReplyTo);
        if (count > 7) writer.WriteOptional(element.Text);
        if (count > 8) writer.WriteOptional(element.SubjectId);
        if (count > 9) writer.WriteOptional((long?)element.Role);
        if (count > 10) writer.WriteOptional(element.Previous);
        if (count > 11) writer.WriteOptionalObject(element.Changes);
        if (count > 12) writer.WriteOptionalObject(element.Content);
    }

    internal static WireEvent ReadFields(ref FieldReader fields) =>
        new(
            fields.ReadInteger(),
            fields.ReadInteger(),
            (EventKind)fields.ReadByte(),
            fields.ReadInteger(),
            fields.ReadInteger(),
            fields.ReadOptionalUuid(),
            fields.ReadOptionalInteger(),
            fields.ReadOptionalText(),
            fields.ReadOptionalInteger(),
            (MemberRole?)fields.ReadOptionalByte(),
            fields.ReadOptionalText(),
            fields.ReadOptionalObject<WireChanges>(),
            fields.ReadOptionalObject<WireContent>());
}

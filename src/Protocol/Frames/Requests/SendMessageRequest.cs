using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Sends a message to a chat, protocol-spec.md §6.4.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="ClientMessageId">Made by the client, random; the key that makes a retry safe.</param>
/// <param name="Text">As it came: the receiver judges length, emptiness and U+0000.</param>
/// <param name="ReplyTo">The sequence of the message answered.</param>
/// <param name="Content">What it is beside its text; null for plain text.</param>
public readonly record struct SendMessageRequest(
    long ChatId, Guid ClientMessageId, string Text, long? ReplyTo = null, WireContent? Content = null)
    : IFrame<SendMessageRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.SendMessage;

    /// <summary>Fields up to the last one that is present, protocol-spec.md §3.1.</summary>
    private int FieldCount => Content is not null ? 5 : ReplyTo is not null ? 4 : 3;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        int count = FieldCount;
        writer.WriteHeader(Type, requestId, count);
        writer.WriteInt64(ChatId);
        writer.WriteUuid(ClientMessageId);
        writer.WriteString(Text);
        if (count > 3) writer.WriteOptional(ReplyTo);
        if (count > 4) writer.WriteOptionalObject(Content);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out SendMessageRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new SendMessageRequest(
            fields.ReadInteger(), fields.ReadUuid(), fields.ReadText(), fields.ReadOptionalInteger(), fields.ReadOptionalObject<WireContent>());
        return fields.End();
    }
}

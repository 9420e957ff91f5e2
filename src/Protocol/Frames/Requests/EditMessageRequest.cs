using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Gives one's message another text, protocol-spec.md §6.32.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="ClientMessageId">Made by the client, random; the key that makes a retry safe.</param>
/// <param name="Sequence">The message.</param>
/// <param name="Text">As it came: the receiver judges length, emptiness and U+0000.</param>
public readonly record struct EditMessageRequest(long ChatId, Guid ClientMessageId, long Sequence, string Text)
    : IFrame<EditMessageRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.EditMessage;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 4);
        writer.WriteInt64(ChatId);
        writer.WriteUuid(ClientMessageId);
        writer.WriteInt64(Sequence);
        writer.WriteString(Text);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out EditMessageRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new EditMessageRequest(fields.ReadInteger(), fields.ReadUuid(), fields.ReadInteger(), fields.ReadText());
        return fields.End();
    }
}

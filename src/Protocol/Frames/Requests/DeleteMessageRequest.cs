using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Deletes a message for everyone, protocol-spec.md §6.33.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="ClientMessageId">Made by the client, random; the key that makes a retry safe.</param>
/// <param name="Sequence">The message.</param>
public readonly record struct DeleteMessageRequest(long ChatId, Guid ClientMessageId, long Sequence) : IFrame<DeleteMessageRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.DeleteMessage;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 3);
        writer.WriteInt64(ChatId);
        writer.WriteUuid(ClientMessageId);
        writer.WriteInt64(Sequence);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out DeleteMessageRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new DeleteMessageRequest(fields.ReadInteger(), fields.ReadUuid(), fields.ReadInteger());
        return fields.End();
    }
}

using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Raises the caller's read watermark, and the delivered one with it, protocol-spec.md §6.12.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="UpTo">The watermark; above the head it is taken as the head.</param>
public readonly record struct MarkReadRequest(long ChatId, long UpTo) : IFrame<MarkReadRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.MarkRead;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 2);
        writer.WriteInt64(ChatId);
        writer.WriteInt64(UpTo);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out MarkReadRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new MarkReadRequest(fields.ReadInteger(), fields.ReadInteger());
        return fields.End();
    }
}

using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Raises the caller's delivered watermark, protocol-spec.md §6.11.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="UpTo">The watermark; above the head it is taken as the head.</param>
public readonly record struct MarkDeliveredRequest(long ChatId, long UpTo) : IFrame<MarkDeliveredRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.MarkDelivered;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 2);
        writer.WriteInt64(ChatId);
        writer.WriteInt64(UpTo);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out MarkDeliveredRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new MarkDeliveredRequest(fields.ReadInteger(), fields.ReadInteger());
        return fields.End();
    }
}

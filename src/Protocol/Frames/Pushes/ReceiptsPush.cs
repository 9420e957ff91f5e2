using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Pushes;

/// <summary>Brings watermarks of other members, protocol-spec.md §6.26.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Receipts">The newest values.</param>
public readonly record struct ReceiptsPush(long ChatId, IReadOnlyList<WireReceipt> Receipts) : IFrame<ReceiptsPush>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Receipts;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 2);
        writer.WriteInt64(ChatId);
        writer.WriteElements(Receipts);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out ReceiptsPush frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new ReceiptsPush(fields.ReadInteger(), fields.ReadElements<WireReceipt>());
        return fields.End();
    }
}

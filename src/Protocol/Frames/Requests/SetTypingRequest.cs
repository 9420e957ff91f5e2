using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Says whether the caller is typing, protocol-spec.md §6.13.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Active">Whether typing.</param>
public readonly record struct SetTypingRequest(long ChatId, bool Active) : IFrame<SetTypingRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.SetTyping;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 2);
        writer.WriteInt64(ChatId);
        writer.WriteBoolean(Active);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out SetTypingRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new SetTypingRequest(fields.ReadInteger(), fields.ReadBoolean());
        return fields.End();
    }
}

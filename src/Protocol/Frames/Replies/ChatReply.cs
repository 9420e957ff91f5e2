using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames.Elements;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Replies;

/// <summary>Carries one chat, protocol-spec.md §6.20.</summary>
/// <param name="Chat">The chat.</param>
public readonly record struct ChatReply(WireChat Chat) : IFrame<ChatReply>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Chat;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 1);
        writer.WriteElement(Chat);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out ChatReply frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new ChatReply(fields.ReadElement<WireChat>());
        return fields.End();
    }
}

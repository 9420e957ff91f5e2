using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Pushes;

/// <summary>Says that another member types or has stopped, protocol-spec.md §6.27.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="PrincipalId">Who.</param>
/// <param name="Active">Whether typing.</param>
public readonly record struct TypingPush(long ChatId, long PrincipalId, bool Active) : IFrame<TypingPush>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Typing;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 3);
        writer.WriteInt64(ChatId);
        writer.WriteInt64(PrincipalId);
        writer.WriteBoolean(Active);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out TypingPush frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new TypingPush(fields.ReadInteger(), fields.ReadInteger(), fields.ReadBoolean());
        return fields.End();
    }
}

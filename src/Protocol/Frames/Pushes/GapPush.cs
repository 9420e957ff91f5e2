using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Pushes;

/// <summary>Says that pushes of a chat were skipped, protocol-spec.md §6.29.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="HeadSequence">The newest sequence.</param>
public readonly record struct GapPush(long ChatId, long HeadSequence) : IFrame<GapPush>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Gap;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 2);
        writer.WriteInt64(ChatId);
        writer.WriteInt64(HeadSequence);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out GapPush frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new GapPush(fields.ReadInteger(), fields.ReadInteger());
        return fields.End();
    }
}

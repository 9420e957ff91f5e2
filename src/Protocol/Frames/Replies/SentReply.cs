using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Replies;

/// <summary>Acks a message: it is stored and has its sequence, protocol-spec.md §6.17.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Sequence">Its number in the chat.</param>
/// <param name="CreatedAtMs">Time of the commit, Unix ms.</param>
public readonly record struct SentReply(long ChatId, long Sequence, long CreatedAtMs) : IFrame<SentReply>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Sent;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 3);
        writer.WriteInt64(ChatId);
        writer.WriteInt64(Sequence);
        writer.WriteInt64(CreatedAtMs);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out SentReply frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new SentReply(fields.ReadInteger(), fields.ReadInteger(), fields.ReadInteger());
        return fields.End();
    }
}

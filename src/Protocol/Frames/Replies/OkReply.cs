using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Replies;

/// <summary>Answers a request that has nothing to return, protocol-spec.md §6.16.</summary>
public readonly record struct OkReply : IFrame<OkReply>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Ok;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 0);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out OkReply frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = default;
        return fields.End();
    }
}

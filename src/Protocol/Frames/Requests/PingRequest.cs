using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Asks for a sign of life, protocol-spec.md §6.3.</summary>
public readonly record struct PingRequest : IFrame<PingRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.Ping;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 0);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out PingRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = default;
        return fields.End();
    }
}

using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Says that a participant of a call is still there, protocol-spec.md §6.40.</summary>
/// <param name="CallId">The call.</param>
/// <param name="EndpointId">The participant's place in it.</param>
public readonly record struct KeepCallRequest(long CallId, Guid EndpointId) : IFrame<KeepCallRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.KeepCall;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 2);
        writer.WriteInt64(CallId);
        writer.WriteUuid(EndpointId);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out KeepCallRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new KeepCallRequest(fields.ReadInteger(), fields.ReadUuid());
        return fields.End();
    }
}

using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Passes something to another participant of a call, protocol-spec.md §6.39.</summary>
/// <param name="CallId">The call.</param>
/// <param name="EndpointId">The sender's own place in it.</param>
/// <param name="To">The participant.</param>
/// <param name="Sequence">The number of this signal among those of this place to that participant, from 1.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Body">As it came: the receiver judges its length.</param>
public readonly record struct SignalCallRequest(long CallId, Guid EndpointId, long To, long Sequence, CallSignalKind Kind, string Body)
    : IFrame<SignalCallRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.SignalCall;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 6);
        writer.WriteInt64(CallId);
        writer.WriteUuid(EndpointId);
        writer.WriteInt64(To);
        writer.WriteInt64(Sequence);
        writer.WriteInt64((long)Kind);
        writer.WriteString(Body);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out SignalCallRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new SignalCallRequest(
            fields.ReadInteger(), fields.ReadUuid(), fields.ReadInteger(), fields.ReadInteger(), (CallSignalKind)fields.ReadByte(),
            fields.ReadText());
        return fields.End();
    }
}

using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Pushes;

/// <summary>Brings what another participant of a call passed on, protocol-spec.md §6.41.</summary>
/// <param name="CallId">The call.</param>
/// <param name="From">Who.</param>
/// <param name="EndpointId">The sender's place in the call.</param>
/// <param name="Sequence">The number of this signal among those of that place to the receiver, from 1.</param>
/// <param name="Kind">What it is; a value that the enum does not name is kept.</param>
/// <param name="Body">As the sender wrote it.</param>
public readonly record struct CallSignalPush(long CallId, long From, Guid EndpointId, long Sequence, CallSignalKind Kind, string Body)
    : IFrame<CallSignalPush>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.CallSignal;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 6);
        writer.WriteInt64(CallId);
        writer.WriteInt64(From);
        writer.WriteUuid(EndpointId);
        writer.WriteInt64(Sequence);
        writer.WriteInt64((long)Kind);
        writer.WriteString(Body);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out CallSignalPush frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new CallSignalPush(
            fields.ReadInteger(), fields.ReadInteger(), fields.ReadUuid(), fields.ReadInteger(), (CallSignalKind)fields.ReadByte(),
            fields.ReadText());
        return fields.End();
    }
}

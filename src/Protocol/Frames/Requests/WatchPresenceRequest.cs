using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames.Requests;

/// <summary>Replaces the set of principals whose presence is pushed, protocol-spec.md §6.14.</summary>
/// <param name="PrincipalIds">
/// Who; empty for nobody. Of more than <see cref="ProtocolLimits.MaxWatched"/> read, one is kept above the limit.
/// </param>
public readonly record struct WatchPresenceRequest(IReadOnlyList<long> PrincipalIds) : IFrame<WatchPresenceRequest>
{
    /// <inheritdoc/>
    public static FrameType Type => FrameType.WatchPresence;

    /// <inheritdoc/>
    public void Write(ref MessagePackWriter writer, uint requestId)
    {
        writer.WriteHeader(Type, requestId, fieldCount: 1);
        writer.WriteIntegers(PrincipalIds);
    }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out WatchPresenceRequest frame)
    {
        var fields = new FieldReader(body, Type, out requestId);
        frame = new WatchPresenceRequest(fields.ReadIntegers(max: ProtocolLimits.MaxWatched + 1));
        return fields.End();
    }
}

using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames;

/// <summary>A frame that knows its type and its body, protocol-spec.md §3 and §6.</summary>
/// <typeparam name="TSelf">The frame itself.</typeparam>
public interface IFrame<TSelf>
    where TSelf : struct, IFrame<TSelf>
{
    /// <summary>The type's number on the wire.</summary>
    static abstract FrameType Type { get; }

    /// <summary>
    /// Writes the whole body, <c>[type, request_id, fields …]</c>, without the length prefix. Optional fields at the end that are nil
    /// are left out, §3.1. The caller flushes.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="requestId">0 for a push.</param>
    void Write(ref MessagePackWriter writer, uint requestId);

    /// <summary>
    /// Reads a whole body. False means malformed, §7: another type, too few fields, a field of the wrong type or out of range, or bytes
    /// left over; then the results mean nothing. Unknown elements at the end are skipped, §3.2; missing optional ones are null, §3.1.
    /// </summary>
    /// <param name="body">A body as <see cref="Framing.FrameReader"/> cuts it. Nothing of it is kept.</param>
    /// <param name="requestId">0 for a push.</param>
    /// <param name="frame">The frame; its strings and lists are its own.</param>
    static abstract bool TryRead(ReadOnlySequence<byte> body, out uint requestId, out TSelf frame);
}

using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Framing;

/// <summary>The first two elements of a body, protocol-spec.md §3.</summary>
/// <param name="Type">1 … 127; a client may see a type that it does not know, and ignores it.</param>
/// <param name="RequestId">0 in a push.</param>
/// <param name="FieldCount">Elements of the array behind these two, as declared.</param>
public readonly record struct FrameHeader(FrameType Type, uint RequestId, int FieldCount)
{
    /// <summary>Reads the front of a body of either direction. The fields behind are not looked at.</summary>
    /// <param name="body">A body as <see cref="FrameReader"/> cuts it.</param>
    /// <param name="header">Meaningful with <see cref="FrameDecodeResult.Ok"/> only.</param>
    public static FrameDecodeResult TryRead(ReadOnlySequence<byte> body, out FrameHeader header)
    {
        var reader = new MessagePackReader(body);
        return TryRead(ref reader, requestsOnly: false, out header);
    }

    /// <summary>
    /// Reads the front of a body that came from a client: the type must be a request's and the request id not 0. The type is judged
    /// before the request id, and both before any field, §7.
    /// </summary>
    /// <param name="body">A body as <see cref="FrameReader"/> cuts it.</param>
    /// <param name="header">Meaningful with <see cref="FrameDecodeResult.Ok"/> only.</param>
    public static FrameDecodeResult TryReadRequest(ReadOnlySequence<byte> body, out FrameHeader header)
    {
        var reader = new MessagePackReader(body);
        return TryRead(ref reader, requestsOnly: true, out header);
    }

    internal static FrameDecodeResult TryRead(ref MessagePackReader reader, bool requestsOnly, out FrameHeader header)
    {
        header = default;
        if (!reader.TryReadArrayHeader(out int count) || count < 2) return FrameDecodeResult.Malformed;

        if (!reader.TryReadInt64(out long type)) return Refusal(ref reader, FrameDecodeResult.UnknownType);
        if (type is < 1 or > ProtocolLimits.MaxFrameType) return FrameDecodeResult.UnknownType;
        if (requestsOnly && FrameTypes.Role((FrameType)type) != FrameRole.Request) return FrameDecodeResult.UnknownType;

        if (!reader.TryReadInt64(out long id)) return Refusal(ref reader, FrameDecodeResult.InvalidRequestId);
        if (id is < 0 or > uint.MaxValue || (requestsOnly && id == 0)) return FrameDecodeResult.InvalidRequestId;

        header = new FrameHeader((FrameType)type, (uint)id, count - 2);
        return FrameDecodeResult.Ok;
    }

    /// <summary>An integer beyond 2^63−1 is out of range like any other; what is no integer is malformed.</summary>
    private static FrameDecodeResult Refusal(ref MessagePackReader reader, FrameDecodeResult outOfRange) =>
        reader.IsAtHugeInteger ? outOfRange : FrameDecodeResult.Malformed;
}

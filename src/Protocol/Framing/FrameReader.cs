using System.Buffers;
using System.Buffers.Binary;

namespace Chat.Protocol.Framing;

/// <summary>Cuts length-prefixed frames, protocol-spec.md §3. Pure; thread-safe.</summary>
public static class FrameReader
{
    /// <summary>Bytes of the length prefix: the body's length, unsigned, little-endian.</summary>
    public const int HeaderBytes = 4;

    /// <summary>Cuts one frame off the front of <paramref name="input"/>; only <see cref="FrameReadResult.Complete"/> consumes.</summary>
    /// <param name="input">What has come; afterwards what is behind the frame.</param>
    /// <param name="maxBodyBytes">Largest body accepted, prefix excluded. Judged before a byte of the body is waited for, §3.4.</param>
    /// <param name="body">The frame's body without the prefix: a slice of the input, valid as long as the input is.</param>
    public static FrameReadResult TryRead(ref ReadOnlySequence<byte> input, int maxBodyBytes, out ReadOnlySequence<byte> body)
    {
        body = default;
        ReadOnlySpan<byte> first = input.FirstSpan;
        uint bodyBytes;
        if (first.Length >= HeaderBytes)
        {
            bodyBytes = BinaryPrimitives.ReadUInt32LittleEndian(first);
        }
        else
        {
            if (input.Length < HeaderBytes) return FrameReadResult.NeedMoreData;

            Span<byte> header = stackalloc byte[HeaderBytes];
            input.Slice(0, HeaderBytes).CopyTo(header);
            bodyBytes = BinaryPrimitives.ReadUInt32LittleEndian(header);
        }

        if (bodyBytes > (uint)maxBodyBytes) return FrameReadResult.BodyTooLarge;
        if (input.Length - HeaderBytes < bodyBytes) return FrameReadResult.NeedMoreData;

        body = input.Slice(HeaderBytes, bodyBytes);
        input = input.Slice(body.End);
        return FrameReadResult.Complete;
    }
}

using System.Buffers.Binary;

namespace Chat.Domain.Media;

/// <summary>Reads how many pixels an image says it has, so that a small file does not become gigabytes in whoever shows it.</summary>
internal static class ImagePixels
{
    /// <summary>Width times height; 0 when the head does not say it. A JPEG says it further on, see <see cref="JpegStripper"/>.</summary>
    /// <param name="head">First bytes of the file, <see cref="ContentSniffer.HeadBytes"/> of them where there are as many.</param>
    /// <param name="type">As <see cref="ContentSniffer.Judge"/> found it.</param>
    public static long Of(ReadOnlySpan<byte> head, string type)
    {
        (long width, long height) = SizeOf(head, type);
        return width * height;
    }

    /// <summary>Both, as <see cref="Of"/> does.</summary>
    public static (long Width, long Height) SizeOf(ReadOnlySpan<byte> head, string type) => type switch
    {
        "image/png" when head.Length >= 24 => // PNG (ISO 15948) 11.2.2: IHDR begins with both, of 31 bits each
            (BinaryPrimitives.ReadUInt32BigEndian(head[16..]) & int.MaxValue, BinaryPrimitives.ReadUInt32BigEndian(head[20..]) & int.MaxValue),
        "image/gif" when head.Length >= 10 => // GIF89a 18: the logical screen
            (BinaryPrimitives.ReadUInt16LittleEndian(head[6..]), BinaryPrimitives.ReadUInt16LittleEndian(head[8..])),
        "image/webp" when head.Length >= 30 => OfWebP(head),
        _ => default,
    };

    /// <summary>RFC 9649: the first chunk is lossy (2.5), lossless (2.6) or extended (2.7).</summary>
    private static (long Width, long Height) OfWebP(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> chunk = head[12..16];
        if (chunk.SequenceEqual("VP8X"u8)) return (ReadThree(head[24..]) + 1L, ReadThree(head[27..]) + 1L);
        if (chunk.SequenceEqual("VP8 "u8))
            return (BinaryPrimitives.ReadUInt16LittleEndian(head[26..]) & 0x3FFFL, BinaryPrimitives.ReadUInt16LittleEndian(head[28..]) & 0x3FFFL);
        if (!chunk.SequenceEqual("VP8L"u8)) return default;

        uint bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
        return ((bits & 0x3FFF) + 1L, ((bits >> 14) & 0x3FFF) + 1L);
    }

    private static int ReadThree(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}

using System.Buffers;
using System.Buffers.Binary;

namespace Chat.Domain.Media;

/// <summary>
/// Copies a JPEG (ITU T.81) without what it tells about its maker: Exif with place and time, XMP, IPTC, comments, thumbnails, and
/// whatever was appended after the picture. Kept are the picture to the bit, JFIF, the colour profile, Adobe's transform and the
/// orientation. Thread-safe.
/// </summary>
public static class JpegMetadata
{
    private const int StartOfImage = 0xD8;
    private const int EndOfImage = 0xD9;
    private const int StartOfScan = 0xDA;
    private const int Comment = 0xFE;
    private const int App0 = 0xE0;
    private const int App1 = 0xE1;
    private const int App2 = 0xE2;
    private const int App14 = 0xEE;
    private const int App15 = 0xEF;
    private const int LengthBytes = 2; // a segment's length counts itself, T.81 B.1.1.4

    /// <summary>Writes the clean copy.</summary>
    /// <param name="jpeg">The whole file.</param>
    /// <returns>False when it is no whole JPEG; what was written to <paramref name="output"/> until then is to be thrown away.</returns>
    public static bool TryStrip(ReadOnlySpan<byte> jpeg, IBufferWriter<byte> output)
    {
        if (jpeg.Length < 2 || jpeg[0] != 0xFF || jpeg[1] != StartOfImage) return false;

        output.Write(jpeg[..2]);
        jpeg = jpeg[2..];
        bool scanSeen = false;
        bool orientationKept = false;

        while (TryReadMarker(ref jpeg, out int marker))
        {
            if (marker == EndOfImage)
            {
                output.Write((ReadOnlySpan<byte>)[0xFF, EndOfImage]);
                return scanSeen;
            }

            if (!TryReadSegment(ref jpeg, marker, out ReadOnlySpan<byte> payload)) return false;

            if (IsKept(marker, payload)) WriteSegment(output, marker, payload);
            else if (marker == App1 && !orientationKept && ExifOrientation.TryRead(payload, out int orientation))
            {
                WriteSegment(output, App1, ExifOrientation.Write(orientation));
                orientationKept = true;
            }

            if (marker != StartOfScan) continue;

            int scanBytes = ScanLength(jpeg);
            output.Write(jpeg[..scanBytes]);
            jpeg = jpeg[scanBytes..];
            scanSeen = true;
        }

        return false;
    }

    /// <summary>Reads FF and the marker after it; more FF before it are fill bytes, T.81 B.1.1.2.</summary>
    private static bool TryReadMarker(ref ReadOnlySpan<byte> rest, out int marker)
    {
        marker = 0;
        if (rest.Length < 2 || rest[0] != 0xFF) return false;

        int at = rest.IndexOfAnyExcept((byte)0xFF);
        if (at < 0) return false;

        marker = rest[at];
        rest = rest[(at + 1)..];
        return marker >= 0xC0; // below are reserved marks, TEM and the stuffed zero, which stand in no file between segments
    }

    /// <summary>Cuts a segment off. Marks without a length (RSTn, a second SOI) are at home in scans only: here they are an
    /// error.</summary>
    private static bool TryReadSegment(ref ReadOnlySpan<byte> rest, int marker, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (marker is >= 0xD0 and <= StartOfImage || rest.Length < LengthBytes) return false;

        int length = BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (length < LengthBytes || rest.Length < length) return false;

        payload = rest[LengthBytes..length];
        rest = rest[length..];
        return true;
    }

    private static bool IsKept(int marker, ReadOnlySpan<byte> payload) => marker switch
    {
        App0 => payload.StartsWith("JFIF\0"u8), // not JFXX, which is a thumbnail
        App2 => payload.StartsWith("ICC_PROFILE\0"u8),
        App14 => payload.StartsWith("Adobe"u8),
        Comment or (>= App0 and <= App15) => false,
        _ => true,
    };

    private static void WriteSegment(IBufferWriter<byte> output, int marker, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = output.GetSpan(4);
        (header[0], header[1]) = (0xFF, (byte)marker);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(payload.Length + LengthBytes));
        output.Advance(4);
        output.Write(payload);
    }

    /// <summary>Bytes of entropy-coded data up to the next mark that is neither a stuffed zero nor a restart; all when there is
    /// none.</summary>
    private static int ScanLength(ReadOnlySpan<byte> rest)
    {
        int at = 0;
        while (true)
        {
            int next = rest[at..].IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= rest.Length) return rest.Length;

            at += next;
            if (rest[at + 1] is not 0x00 and not (>= 0xD0 and <= 0xD7)) return at;

            at += 2;
        }
    }
}

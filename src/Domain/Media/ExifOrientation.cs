using System.Buffers.Binary;

namespace Chat.Domain.Media;

/// <summary>Reads how a picture is to be turned out of Exif (CIPA DC-008 4.6.5), and writes Exif that says nothing else.</summary>
internal static class ExifOrientation
{
    /// <summary>Of what <see cref="WriteTiff"/> writes.</summary>
    public const int TiffBytes = 26;

    private const int EntryBytes = 12;
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>What an APP1 segment of Exif begins with.</summary>
    public static ReadOnlySpan<byte> Segment => "Exif\0\0"u8;

    /// <summary>The same of an APP1 segment of a JPEG, without mark and length; false also when it is no Exif.</summary>
    public static bool TryReadSegment(ReadOnlySpan<byte> payload, out int orientation)
    {
        orientation = 0;
        return payload.StartsWith(Segment) && TryReadTiff(payload[Segment.Length..], out orientation);
    }

    /// <summary>False when it is damaged, or asks for no turn (1).</summary>
    /// <param name="tiff">Exif as a TIFF file, without "Exif\0\0" in front.</param>
    /// <param name="orientation">2 to 8, as Exif counts.</param>
    public static bool TryReadTiff(ReadOnlySpan<byte> tiff, out int orientation)
    {
        orientation = 0;
        bool little = tiff.StartsWith("II*\0"u8);
        if ((!little && !tiff.StartsWith("MM\0*"u8)) || tiff.Length < 8) return false;

        uint directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > (uint)(tiff.Length - 2)) return false;

        ReadOnlySpan<byte> entries = tiff[(int)directory..];
        int count = ReadShort(entries, little);
        entries = entries[2..];
        for (; count > 0 && entries.Length >= EntryBytes; count--, entries = entries[EntryBytes..])
        {
            if (ReadShort(entries, little) != OrientationTag || ReadShort(entries[2..], little) != ShortType) continue;

            orientation = ReadShort(entries[8..], little);
            return orientation is >= 2 and <= 8;
        }

        return false;
    }

    /// <summary>A TIFF file with one entry.</summary>
    public static byte[] WriteTiff(int orientation) =>
    [
        .. "MM\0*"u8, 0, 0, 0, 8, // big-endian, the directory follows at once
        0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
        0, 0, 0, 0, // no further directory
    ];

    private static int ReadShort(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}

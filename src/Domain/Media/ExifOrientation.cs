using System.Buffers.Binary;

namespace Chat.Domain.Media;

/// <summary>Reads how a picture is to be turned out of Exif (CIPA DC-008 4.6.5), and writes Exif that says nothing else.</summary>
internal static class ExifOrientation
{
    private const int TiffOffset = 6; // after "Exif\0\0"
    private const int EntryBytes = 12;
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>False when the segment is no Exif, is damaged, or asks for no turn (1).</summary>
    /// <param name="payload">An APP1 segment without mark and length.</param>
    /// <param name="orientation">2 to 8, as Exif counts.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, out int orientation)
    {
        orientation = 0;
        if (!payload.StartsWith("Exif\0\0"u8)) return false;

        ReadOnlySpan<byte> tiff = payload[TiffOffset..];
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

    /// <summary>The payload of an APP1 segment with one entry.</summary>
    public static byte[] Write(int orientation) =>
    [
        .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, // big-endian, the directory follows at once
        0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
        0, 0, 0, 0, // no further directory
    ];

    private static int ReadShort(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}

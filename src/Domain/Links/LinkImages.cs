using System.Buffers.Binary;
using Chat.Domain.Media;

namespace Chat.Domain.Links;

/// <summary>Tells what a picture is by its content, whatever it came as; SVG, which can hold scripts, is none.</summary>
public static class LinkImages
{
    public const int MaxBytes = 2 << 20;

    /// <summary>A message says no more of a picture (protocol-spec.md §6.35).</summary>
    private const long MaxSide = 100_000;

    private static readonly string[] Extensions = ["jpg", "png", "webp", "gif"];

    /// <summary>Whether an answer says that it is a picture of a kind that is shown.</summary>
    public static bool IsImage(string? contentType) => contentType is "image/jpeg" or "image/png" or "image/webp" or "image/gif";

    /// <summary>Null for what is none of JPEG, PNG, WebP and GIF, or too large.</summary>
    public static LinkImage? Read(byte[] bytes)
    {
        if (bytes.Length is 0 or > MaxBytes) return null;
        foreach (string extension in Extensions)
        {
            if (ContentSniffer.Judge(bytes, extension, out string type) != ContentVerdict.Allowed) continue;
            (long width, long height) = type == ContentSniffer.Jpeg ? JpegSize(bytes) : ImagePixels.SizeOf(bytes, type);
            bool isTold = width is > 0 and <= MaxSide && height is > 0 and <= MaxSide;
            return new LinkImage(bytes, extension, isTold ? (int)width : null, isTold ? (int)height : null);
        }

        return null;
    }

    /// <summary>As it is seen: as its frame says (ITU T.81 B.2.2), turned as its Exif says.</summary>
    private static (long Width, long Height) JpegSize(ReadOnlySpan<byte> jpeg)
    {
        bool isTurned = false;
        for (int at = 2; at + 4 <= jpeg.Length && jpeg[at] == 0xFF;)
        {
            int marker = jpeg[at + 1], length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            if (marker == 0xFF)
            {
                at++; // fill bytes
                continue;
            }

            ReadOnlySpan<byte> payload = jpeg[(at + 4)..];
            if (length < 2 || payload.Length < length - 2) break;
            payload = payload[..(length - 2)];
            if (marker == 0xE1 && ExifOrientation.TryReadSegment(payload, out int orientation)) isTurned = orientation >= 5;
            bool isFrame = marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
            if (isFrame && payload.Length >= 5)
            {
                long height = BinaryPrimitives.ReadUInt16BigEndian(payload[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(payload[3..]);
                return isTurned ? (height, width) : (width, height);
            }

            at += length + 2;
        }

        return (0, 0);
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Chat.TestKit;

/// <summary>Files small enough to read, and whole enough for the product to take.</summary>
public static class SamplePictures
{
    /// <summary>What a camera wrote and nobody should learn.</summary>
    public const string Secret = "GPS 48.137,11.575 camera of Anna";

    private const int PixelsAt = 33; // behind IHDR
    private const int LeastPngBytes = PixelsAt + 12 + 12; // IDAT without pixels, IEND

    /// <summary>A JPEG without Exif.</summary>
    public static byte[] Jpeg => [.. Start, .. Tables, .. Scan, 0xFF, 0xD9];

    /// <summary>The same picture with a place in its Exif, a comment, and something behind its end.</summary>
    public static byte[] JpegWithSecret =>
    [
        .. Start, .. Segment(0xE1, "Exif\0\0MM\0*\0\0\0\u0008\0\0" + Secret), .. Tables, .. Segment(0xFE, Secret), .. Scan, 0xFF, 0xD9,
        .. Encoding.ASCII.GetBytes(Secret),
    ];

    private static byte[] Start => [0xFF, 0xD8];

    private static byte[] Tables => Segment(0xDB, new string('\u0010', 65));

    private static byte[] Scan => [.. Segment(0xDA, "\u0001\u0001\0\0?\0"), 1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4, 0xFF, 0xD7, 5];

    /// <summary>A PNG of 300 × 200 pixels, whose pixels are bytes that depend on the seed; cut off when it is shorter than 57 bytes.</summary>
    public static byte[] Png(int bytes, int seed = 1)
    {
        byte[] png = new byte[Math.Max(bytes, LeastPngBytes)];
        new Random(seed).NextBytes(png);
        byte[] head = Convert.FromHexString("89504E470D0A1A0A0000000D494844520000012C000000C8"); // signature, and IHDR as far as the height
        head.CopyTo(png, 0);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(PixelsAt), png.Length - LeastPngBytes);
        "IDAT"u8.CopyTo(png.AsSpan(PixelsAt + 4));
        "\0\0\0\0IEND"u8.CopyTo(png.AsSpan(^12..));
        return png[..bytes];
    }

    private static byte[] Segment(byte marker, string latin1)
    {
        byte[] payload = Encoding.Latin1.GetBytes(latin1);
        int length = payload.Length + 2;
        return [0xFF, marker, (byte)(length >> 8), (byte)length, .. payload];
    }
}

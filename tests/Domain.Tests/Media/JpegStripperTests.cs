using System.Buffers;
using System.Text;
using Chat.Domain.Media;

namespace Chat.Domain.Tests.Media;

[Parallelizable]
public sealed class JpegStripperTests // promises 4.6
{
    private static readonly byte[] Start = [0xFF, 0xD8];
    private static readonly byte[] End = [0xFF, 0xD9];
    private static readonly byte[] Jfif = Segment(0xE0, "JFIF\0\u0001\u0002\0\0\u0001\0\u0001\0\0");
    private static readonly byte[] Profile = Segment(0xE2, "ICC_PROFILE\0\u0001\u0001colours");
    private static readonly byte[] Adobe = Segment(0xEE, "Adobe\0d\0\0\0\0\u0001");
    private static readonly byte[] Tables = Segment(0xDB, new string('\u0010', 65));
    private static readonly byte[] Scan = [.. Segment(0xDA, "\u0001\u0001\0\0?\0"), 1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4, 0xFF, 0xD7, 5];

    [Test]
    public void What_tells_of_the_maker_goes_and_the_picture_stays_to_the_bit()
    {
        byte[] exif = Segment(0xE1, "Exif\0\0MM\0*\0\0\0\u0008\0\0GPS 48.137,11.575");
        byte[] xmp = Segment(0xE1, "http://ns.adobe.com/xap/1.0/\0<x>secret</x>");
        byte[] photoshop = Segment(0xED, "Photoshop 3.0\0secret");
        byte[] comment = Segment(0xFE, "secret");
        byte[] preview = Segment(0xE2, "MPF\0secret");
        byte[] thumbnail = Segment(0xE0, "JFXX\0secret");

        byte[]? stripped = Strip(
        [
            .. Start, .. Jfif, .. thumbnail, .. exif, .. xmp, .. Profile, .. preview, .. photoshop, .. Adobe, .. Tables, .. comment,
            .. Scan, .. End,
        ]);

        Assert.That(stripped, Is.EqualTo((byte[])[.. Start, .. Jfif, .. Profile, .. Adobe, .. Tables, .. Scan, .. End]));
    }

    [TestCase("II*\0\u0008\0\0\0\u0001\0\u0012\u0001\u0003\0\u0001\0\0\0\u0006\0\0\0GPS")]
    [TestCase("MM\0*\0\0\0\u0008\0\u0001\u0001\u0012\0\u0003\0\0\0\u0001\0\u0006\0\0GPS")]
    public void The_orientation_alone_is_kept_of_Exif(string tiff)
    {
        byte[]? stripped = Strip([.. Start, .. Segment(0xE1, "Exif\0\0" + tiff), .. Tables, .. Scan, .. End]);

        byte[] turned = Segment(0xE1, "Exif\0\0MM\0*\0\0\0\u0008\0\u0001\u0001\u0012\0\u0003\0\0\0\u0001\0\u0006\0\0\0\0\0\0");
        Assert.That(stripped, Is.EqualTo((byte[])[.. Start, .. turned, .. Tables, .. Scan, .. End]));
    }

    [TestCase("")]
    [TestCase("II*\0")]
    [TestCase("II*\0\u00FF\u00FF\u00FF\u00FF")]
    [TestCase("MM\0*\u007F\u00FF\u00FF\u00FF")]
    [TestCase("II*\0\u0008\0\0\0")]
    [TestCase("II*\0\u0008\0\0\0\u00FF\u00FF")]
    [TestCase("II*\0\u0008\0\0\0\u0001\0\u0012\u0001\u0003\0")]
    [TestCase("II*\0\u0008\0\0\0\u0001\0\u0012\u0001\u0003\0\u0001\0\0\0\u0009\0\0\0")]
    public void Damaged_Exif_is_dropped_whole(string tiff) =>
        Assert.That(
            Strip([.. Start, .. Segment(0xE1, "Exif\0\0" + tiff), .. Tables, .. Scan, .. End]),
            Is.EqualTo((byte[])[.. Start, .. Tables, .. Scan, .. End]));

    [Test]
    public void What_stands_between_and_after_scans_is_judged_too()
    {
        byte[] comment = Segment(0xFE, "secret");

        byte[]? stripped = Strip([.. Start, .. Tables, .. Scan, .. comment, 0xFF, 0xFF, .. Scan, .. End, .. "PK\u0003\u0004jar"u8]);

        Assert.That(stripped, Is.EqualTo((byte[])[.. Start, .. Tables, .. Scan, .. Scan, .. End]));
    }

    [Test]
    public void A_file_cut_at_any_byte_is_refused()
    {
        byte[] whole = [.. Start, .. Jfif, .. Tables, .. Scan, .. End];

        for (int length = 0; length < whole.Length; length++)
            Assert.That(Strip(whole[..length]), Is.Null, $"cut after {length} bytes");
    }

    [Test]
    public void Random_bytes_after_the_start_never_throw()
    {
        const int Seed = 20261127;
        Random random = new(Seed);
        byte[] noise = new byte[64];

        for (int round = 0; round < 20_000; round++)
        {
            random.NextBytes(noise);
            for (int i = 2; i < noise.Length; i += 3) noise[i] = random.Next(3) == 0 ? (byte)0xFF : noise[i];
            byte[] exif = Segment(0xE1, "Exif\0\0II*\0\u0008\0\0\0" + Encoding.Latin1.GetString(noise));

            Assert.That(() => Strip([.. Start, 0xFF, .. noise]), Throws.Nothing, $"seed {Seed}, round {round}");
            Assert.That(() => Strip([.. Start, .. exif, .. Scan, .. End]), Throws.Nothing, $"seed {Seed}, round {round}");
        }
    }

    /// <summary>Strips the file whole, and again byte by byte: how it is cut on the way must make no difference.</summary>
    private static byte[]? Strip(byte[] jpeg)
    {
        byte[]? whole = Strip(jpeg, jpeg.Length);
        Assert.That(Strip(jpeg, 1), Is.EqualTo(whole), "byte by byte");
        return whole;
    }

    private static byte[]? Strip(byte[] jpeg, int pieceBytes)
    {
        JpegStripper stripper = new();
        ArrayBufferWriter<byte> output = new();
        foreach (byte[] piece in jpeg.Chunk(Math.Max(1, pieceBytes))) stripper.Write(piece, output);
        Assert.That(output.WrittenCount, Is.AtMost(jpeg.Length + MetadataStrippers.MostAddedBytes));
        return stripper.IsWhole ? output.WrittenSpan.ToArray() : null;
    }

    private static byte[] Segment(byte marker, string latin1)
    {
        byte[] payload = Encoding.Latin1.GetBytes(latin1);
        int length = payload.Length + 2;
        return [0xFF, marker, (byte)(length >> 8), (byte)length, .. payload];
    }
}

using Chat.Domain.Media;
using Chat.TestKit;

namespace Chat.Domain.Tests.Media;

[Parallelizable]
public sealed class ImagePixelsTests // promises 4.6
{
    [TestCase("image/png", "89504E470D0A1A0A0000000D494844520000012C000000C8", 60_000)]
    [TestCase("image/png", "89504E470D0A1A0A0000000D49484452FFFFFFFFFFFFFFFF", (long)int.MaxValue * int.MaxValue)]
    [TestCase("image/png", "89504E470D0A1A0A0000000D494844520000012C", 0)]
    [TestCase("image/gif", "4749463839610A000500", 50)]
    [TestCase("image/gif", "474946383961", 0)]
    [TestCase("image/webp", "5249464600000000574542505650385800000000000000000900000400000000", 50)]
    [TestCase("image/webp", "52494646000000005745425056503820000000000000009D012A0A0005000000", 50)]
    [TestCase("image/webp", "5249464600000000574542505650384C000000002F0900010000000000000000", 50)]
    [TestCase("image/webp", "524946460000000057454250414E494D00000000000000000000000000000000", 0)]
    [TestCase("video/mp4", "89504E470D0A1A0A0000000D494844520000012C000000C8", 0)]
    public void Pixels_are_read_from_the_head(string type, string hex, long expected)
    {
        long pixels = ImagePixels.Of(Convert.FromHexString(hex), type);

        Assert.That(pixels, Is.EqualTo(expected));
    }

    [Test]
    public void A_JPEG_says_it_in_its_frame_and_the_largest_frame_counts()
    {
        JpegStripper stripper = new();
        byte[] frames = [0xFF, 0xC0, 0, 8, 8, 0, 10, 0, 5, 0, 0xFF, 0xC2, 0, 8, 8, 0, 100, 0, 5, 0, 0xFF, 0xC4, 0, 8, 8, 255, 255, 255, 255, 0];

        stripper.Write([0xFF, 0xD8, .. frames, .. SamplePictures.Jpeg[2..]], new System.Buffers.ArrayBufferWriter<byte>());

        Assert.That((stripper.IsWhole, stripper.Pixels), Is.EqualTo((true, 500L)));
    }
}

using static Chat.Domain.Tests.Media.StrippedFile;

namespace Chat.Domain.Tests.Media;

[Parallelizable]
public sealed class WebpStripperTests // promises 4.6
{
    private const string WebP = "image/webp";
    private const byte HasExif = 0x08;
    private const int Turned = 6;

    private static readonly byte[] Picture = Chunk("VP8 ", Some(20));

    [Test]
    public void The_last_pad_may_be_missing_whether_the_length_counts_it_or_not()
    {
        byte[] whole = File([.. Picture, .. Chunk("VP8 ", Some(5))]), uncounted = File([.. Picture, .. Chunk("VP8 ", Some(5))[..^1]]);

        Assert.That(Strip(whole, WebP), Is.EqualTo(whole));
        Assert.That(Strip(whole[..^1], WebP), Is.EqualTo(whole[..^1]));
        Assert.That(Strip(uncounted, WebP), Is.EqualTo(uncounted));
        Assert.That(Strip(whole[..^2], WebP), Is.Null, "a byte of the picture");
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(7)]
    public void What_is_too_short_for_a_chunk_goes(int bytes)
    {
        byte[] file = File([.. Picture, .. Some(bytes)]), expected = File([.. Picture, .. new byte[bytes]]);

        Assert.That(Strip(file, WebP), Is.EqualTo(expected), "counted");
        Assert.That(Strip([.. File(Picture), .. Some(bytes)], WebP), Is.EqualTo(File(Picture)), "behind the file");
        for (int missing = 1; missing <= bytes; missing++)
            Assert.That(Strip(file[..^missing], WebP), Is.EqualTo(expected[..^missing]), "counted and not there");
    }

    [TestCase(26)]
    [TestCase(64 * 1024)]
    [TestCase((64 * 1024) + 1)]
    [TestCase(300_000)]
    public void Of_Exif_of_any_length_the_orientation_stays_as_the_head_says(int bytes)
    {
        byte[] exif = Some(bytes), kept = new byte[bytes];
        Turn.CopyTo(exif, 0);
        Turn.CopyTo(kept, 0);

        byte[] file = File([.. Extended(HasExif), .. Picture, .. Chunk("EXIF", exif)]);

        Assert.That(Strip(file, WebP), Is.EqualTo(File([.. Extended(HasExif), .. Picture, .. Chunk("EXIF", kept)])));
        Assert.That(Strip(file[..^2], WebP), Is.Null, "cut");
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(25)]
    public void Exif_that_says_nothing_stays_a_chunk_as_the_head_says(int bytes)
    {
        byte[] Of(byte[] exif) => File([.. Extended(HasExif), .. Picture, .. Chunk("EXIF", exif)]);

        Assert.That(Strip(Of(Some(bytes)), WebP), Is.EqualTo(Of(new byte[bytes])));
    }

    [Test]
    public void A_pad_is_a_zero()
    {
        byte[] file = File([.. Chunk("VP8 ", Some(5)), .. Picture]), marked = [.. file];
        marked[12 + 8 + 5] = (byte)'!';

        Assert.That(Strip(marked, WebP), Is.EqualTo(file));
    }

    /// <summary>Exif that says how the picture is turned and nothing else.</summary>
    private static byte[] Turn => [.. Latin1("MM\0*"), 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, Turned, 0, 0, 0, 0, 0, 0];

    private static byte[] Extended(byte flags) => Chunk("VP8X", [flags, 0, 0, 0, 15, 0, 0, 15, 0, 0]);

    private static byte[] Chunk(string type, byte[] payload) =>
        [.. Latin1(type), .. LittleEndian(payload.Length), .. payload, .. new byte[payload.Length & 1]];

    private static byte[] File(byte[] chunks) => [.. Latin1("RIFF"), .. LittleEndian(chunks.Length + 4), .. Latin1("WEBP"), .. chunks];

    private static byte[] LittleEndian(int number) => [.. BigEndian(number).Reverse()];
}

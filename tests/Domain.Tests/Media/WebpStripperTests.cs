using static Chat.Domain.Tests.Media.StrippedFile;

namespace Chat.Domain.Tests.Media;

[Parallelizable]
public sealed class WebpStripperTests // promises 4.6
{
    private const string WebP = "image/webp";
    private const byte HasExif = 0x08;
    private const byte Moves = 0x02;
    private const int Turned = 6;

    private static readonly byte[] Secret = Latin1("SECRET!");
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

    [Test]
    public void Of_a_frame_stays_what_it_is_drawn_by()
    {
        byte[] alpha = Chunk("ALPH", Some(5)), sound = Chunk("VP8L", Some(9));

        byte[] file = File([.. Extended(Moves), .. Chunk("ANIM", Some(6)),
            .. Frame([.. Chunk("EXIF", Secret), .. alpha, .. Chunk("XMP ", Secret), .. Picture, .. Chunk("ICCP", Secret), .. Chunk("ANMF", Secret), .. Chunk("abcd", Secret)]),
            .. Frame(sound), .. Chunk("abcd", Secret)]);
        byte[] junk = Chunk("JUNK", new byte[Secret.Length]);
        byte[] expected = File([.. Extended(Moves), .. Chunk("ANIM", Some(6)),
            .. Frame([.. junk, .. alpha, .. junk, .. Picture, .. junk, .. junk, .. junk]), .. Frame(sound), .. junk]);

        Assert.That(Latin1(Strip(file, WebP)!), Is.EqualTo(Latin1(expected)));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(7)]
    public void What_is_too_short_for_a_chunk_of_a_frame_goes(int bytes)
    {
        byte[] Of(byte[] rest) => File([.. Frame([.. Picture, .. rest]), .. Frame(rest), .. Picture]);

        Assert.That(Strip(Of(Some(bytes)), WebP), Is.EqualTo(Of(new byte[bytes])));
    }

    [Test]
    public void The_last_pad_of_a_frame_may_be_missing()
    {
        byte[] odd = Chunk("VP8 ", Some(5));
        byte[] padded = File(Frame([.. odd])), bare = File(Frame(odd[..^1])[..^1]);

        Assert.That(Strip(padded, WebP), Is.EqualTo(padded));
        Assert.That(Strip(padded[..^1], WebP), Is.EqualTo(padded[..^1]));
        Assert.That(Strip(bare, WebP), Is.EqualTo(bare));
        Assert.That(Strip(padded[..^2], WebP), Is.Null, "a byte of the picture");
        Assert.That(Strip(File([.. Frame([.. odd, .. odd])])[..^14], WebP), Is.Null, "a picture");
    }

    [Test]
    public void A_chunk_longer_than_its_frame_is_refused_and_a_frame_that_is_none_goes()
    {
        byte[] lying = File([.. Frame(Chunk("EXIF", Secret)), .. Picture]);
        lying[Latin1(lying).IndexOf("EXIF", StringComparison.Ordinal) + 4] += 2;

        Assert.That(Strip(lying, WebP), Is.Null);
        Assert.That(Strip(File([.. Chunk("ANMF", Some(15)), .. Picture]), WebP), Is.EqualTo(File([.. Chunk("JUNK", new byte[15]), .. Picture])));
    }

    /// <summary>Exif that says how the picture is turned and nothing else.</summary>
    private static byte[] Turn => [.. Latin1("MM\0*"), 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, Turned, 0, 0, 0, 0, 0, 0];

    private static byte[] Extended(byte flags) => Chunk("VP8X", [flags, 0, 0, 0, 15, 0, 0, 15, 0, 0]);

    private static byte[] Chunk(string type, byte[] payload) =>
        [.. Latin1(type), .. LittleEndian(payload.Length), .. payload, .. new byte[payload.Length & 1]];

    /// <summary>Where it stands, how large it is, for how long, and then its chunks.</summary>
    private static byte[] Frame(byte[] chunks) => Chunk("ANMF", [.. Some(16), .. chunks]);

    private static byte[] File(byte[] chunks) => [.. Latin1("RIFF"), .. LittleEndian(chunks.Length + 4), .. Latin1("WEBP"), .. chunks];

    private static byte[] LittleEndian(int number) => [.. BigEndian(number).Reverse()];
}

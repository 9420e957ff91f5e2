using System.Text;
using Chat.Domain.Media;
using static Chat.Domain.Tests.Media.StrippedFile;

namespace Chat.Domain.Tests.Media;

[Parallelizable]
public sealed class MetadataStrippersTests // promises 4.6
{
    private static readonly string[] Secrets = ["SECRET", "48.1", "+011.", "2026:01:02"];

    [TestCase("photo.png", "IDAT")]
    [TestCase("moving.png", "acTL", "fcTL", "IDAT", "fdAT")]
    [TestCase("photo.webp", "VP8 ")]
    [TestCase("moving.webp", "VP8X", "ANIM", "ANMF")]
    [TestCase("film.mp4", "ftyp", "mdat", "stco", "stsz")]
    [TestCase("film.mov", "ftyp", "mdat", "stco", "stsz")]
    [TestCase("fragments.mp4", "ftyp", "moof", "mdat")]
    [TestCase("voice.m4a", "ftyp", "stco", "mdat")]
    public void What_tells_of_the_maker_goes_and_what_is_seen_and_heard_stays(string name, params string[] kept)
    {
        byte[] file = Read(name);
        Assume.That(Secrets.Any(secret => Latin1(file).Contains(secret, StringComparison.Ordinal)));

        byte[] stripped = Strip(file, TypeOf(name))!;

        Assert.That(Secrets.Where(secret => Latin1(stripped).Contains(secret, StringComparison.Ordinal)), Is.Empty);
        foreach (string type in kept) Assert.That(Chunks(stripped, type, TypeOf(name)), Is.EqualTo(Chunks(file, type, TypeOf(name))), type);
        if (!name.EndsWith(".png", StringComparison.Ordinal)) Assert.That(stripped, Has.Length.EqualTo(file.Length), "offsets hold");
    }

    [TestCase("photo.png", "eXIf")]
    [TestCase("photo.webp", "EXIF")]
    public void The_orientation_alone_is_kept_of_Exif(string name, string chunk)
    {
        string stripped = Latin1(Strip(Read(name), TypeOf(name))!);

        int at = stripped.IndexOf(chunk, StringComparison.Ordinal);
        Assert.That(stripped[(at + (name.EndsWith("png", StringComparison.Ordinal) ? 4 : 8))..], Does.StartWith(
            "MM\0*\0\0\0\u0008\0\u0001\u0001\u0012\0\u0003\0\0\0\u0001\0\u0006\0\0\0\0\0\0"));
    }

    [Test]
    public void The_checksum_of_a_PNGs_orientation_is_what_zlib_says()
    {
        string stripped = Latin1(Strip(Read("photo.png"), "image/png")!);

        int exif = stripped.IndexOf("eXIf", StringComparison.Ordinal);
        Assert.That(stripped.Substring(exif + 4 + 26, 4), Is.EqualTo("\u00D6\u0067\u004B\u0069")); // zlib.crc32(b"eXIf" + tiff)
    }

    [Test]
    public void What_stands_behind_a_picture_is_not_stored()
    {
        byte[] html = Encoding.ASCII.GetBytes("<script>alert(1)</script> and more of it");

        foreach (string name in new[] { "moving.png", "moving.webp" })
        {
            byte[] file = Read(name);
            Assert.That(Strip([.. file, .. html], TypeOf(name)), Is.EqualTo(Strip(file, TypeOf(name))), name);
        }
    }

    [TestCase("photo.png")]
    [TestCase("photo.webp")]
    public void A_picture_cut_at_any_byte_is_refused(string name)
    {
        byte[] file = Read(name);

        int end = name == "photo.webp" ? file.Length - 1 : file.Length; // its last byte is a pad

        for (int length = 0; length < end; length++)
            Assert.That(Strip(file[..length], TypeOf(name)), Is.Null, $"cut after {length} bytes");
    }

    [TestCase("photo.png")]
    [TestCase("photo.webp")]
    [TestCase("moving.webp")]
    [TestCase("film.mov")]
    [TestCase("film.mp4")]
    [TestCase("fragments.mp4")]
    [TestCase("voice.m4a")]
    public void A_file_with_wrong_bytes_never_throws_and_never_grows(string name)
    {
        const int Seed = 20261128;
        Random random = new(Seed);
        byte[] file = Read(name);

        for (int round = 0; round < 2_000; round++)
        {
            byte[] wrong = [.. file];
            for (int change = 0; change < 8; change++) wrong[random.Next(wrong.Length)] = (byte)random.Next(256);

            Assert.That(() => Copy(wrong, TypeOf(name), 512), Throws.Nothing, $"seed {Seed}, round {round}");
        }
    }

    [TestCase("image/gif")]
    [TestCase("application/pdf")]
    [TestCase("video/webm")]
    public void Other_files_are_stored_as_they_are(string type) => Assert.That(MetadataStrippers.Create(type), Is.Null);

    /// <summary>Every chunk of that type, with its payload.</summary>
    private static List<string> Chunks(byte[] file, string type, string contentType)
    {
        List<string> chunks = [];
        string text = Latin1(file);
        for (int at = text.IndexOf(type, StringComparison.Ordinal); at >= 0; at = text.IndexOf(type, at + 4, StringComparison.Ordinal))
        {
            int length = contentType == "image/webp" ? BitConverter.ToInt32(file, at + 4) + 8 : Bytes(file, at - 4);
            string chunk = text.Substring(at, Math.Min(length, text.Length - at));
            chunks.Add(type == "VP8X" ? chunk[..8] + (char)(chunk[8] & ~4) + chunk[9..] : chunk); // says no more that there is XMP
        }

        Assert.That(chunks, Is.Not.Empty, type);
        return chunks;
    }
}

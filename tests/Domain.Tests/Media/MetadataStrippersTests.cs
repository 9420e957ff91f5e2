using System.Buffers;
using System.Text;
using Chat.Domain.Media;

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

        for (int length = 0; length < file.Length; length++)
            Assert.That(Strip(file[..length], TypeOf(name)), Is.Null, $"cut after {length} bytes");
    }

    [Test]
    public void A_film_cut_in_its_description_is_refused_and_one_cut_in_its_samples_is_not()
    {
        byte[] file = Read("voice.m4a");
        int description = Latin1(file).IndexOf("moov", StringComparison.Ordinal), samples = Latin1(file).IndexOf("mdat", StringComparison.Ordinal);
        int end = description - 4 + Bytes(file, description - 4);

        for (int length = description + 4; length < end; length++)
            Assert.That(Strip(file[..length], "audio/mp4"), Is.Null, $"cut after {length} bytes");
        Assert.That(Strip(file[..end], "audio/mp4"), Is.Not.Null);
        Assert.That(Strip(file[..(samples + 20)], "audio/mp4"), Is.Not.Null);
    }

    [TestCase("a box shorter than its head", "00000007" + "6D6F6F76" + "00000000")]
    [TestCase("a box longer than the one it is in", "00000010" + "6D6F6F76" + "00000009" + "7472616B" + "0000000000")]
    [TestCase("64 bits of length that say less", "00000001" + "6D6F6F76" + "000000000000000F")]
    public void A_film_whose_lengths_lie_is_refused(string what, string hex) =>
        Assert.That(Strip(Convert.FromHexString(hex), "video/mp4"), Is.Null, what);

    [TestCase("a time of 64 bits goes", "0000001C" + "6D766864" + "01000000" + "1111111111111111" + "2222222222222222", "0000001C" + "6D766864" + "01000000" + "0000000000000000" + "0000000000000000")]
    [TestCase("of a head too short for times nothing is taken", "0000000C" + "6D766864" + "00000000", "0000000C" + "6D766864" + "00000000")]
    [TestCase("a box to the end of the file", "00000000" + "75647461" + "534543524554", "00000000" + "66726565" + "000000000000")]
    [TestCase("a length of 64 bits", "00000001" + "75647461" + "0000000000000012" + "5345", "00000001" + "66726565" + "0000000000000012" + "0000")]
    [TestCase("a zero that ends a box", "00000014" + "6D6F6F76" + "00000008" + "77696465" + "00000000" + "00000008" + "66726565", "00000014" + "6D6F6F76" + "00000008" + "77696465" + "00000000" + "00000008" + "66726565")]
    [TestCase("boxes in an empty one", "00000008" + "6D6F6F76" + "0000000A" + "75756964" + "5345", "00000008" + "6D6F6F76" + "0000000A" + "66726565" + "0000")]
    public void Boxes_are_judged_one_by_one(string what, string hex, string expected) =>
        Assert.That(Strip(Convert.FromHexString(hex), "video/mp4"), Is.EqualTo(Convert.FromHexString(expected)), what);

    [TestCase("photo.png")]
    [TestCase("photo.webp")]
    [TestCase("film.mov")]
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

    /// <summary>Strips the file whole, and again byte by byte: how it is cut on the way must make no difference.</summary>
    private static byte[]? Strip(byte[] file, string type)
    {
        byte[]? whole = Copy(file, type, file.Length);
        Assert.That(Copy(file, type, 1), Is.EqualTo(whole), "byte by byte");
        return whole;
    }

    private static byte[]? Copy(byte[] file, string type, int pieceBytes)
    {
        IMetadataStripper stripper = MetadataStrippers.Create(type)!;
        ArrayBufferWriter<byte> output = new();
        foreach (byte[] piece in file.Chunk(Math.Max(1, pieceBytes))) stripper.Write(piece, output);
        Assert.That(output.WrittenCount, Is.AtMost(file.Length + MetadataStrippers.MostAddedBytes));
        return stripper.IsWhole ? output.WrittenSpan.ToArray() : null;
    }

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

    private static int Bytes(byte[] file, int at) => (file[at] << 24) | (file[at + 1] << 16) | (file[at + 2] << 8) | file[at + 3];

    private static string Latin1(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    private static string TypeOf(string name) => ContentSniffer.TypeOf(Path.GetExtension(name)[1..]);

    private static byte[] Read(string name)
    {
        using Stream sample = typeof(MetadataStrippersTests).Assembly.GetManifestResourceStream("samples/" + name)!;
        using MemoryStream bytes = new();
        sample.CopyTo(bytes);
        return bytes.ToArray();
    }
}

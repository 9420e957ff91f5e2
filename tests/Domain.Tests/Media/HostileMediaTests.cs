using System.Buffers;
using System.Buffers.Binary;
using Chat.Domain.Media;
using static Chat.Domain.Tests.Media.StrippedFile;

namespace Chat.Domain.Tests.Media;

[Parallelizable]
public sealed class HostileMediaTests // R-174, promises 4.6
{
    private const string Mp4 = "video/mp4";
    private const int FileBytes = 16 * 1024 * 1024;
    private const int PieceBytes = 64 * 1024;
    private const int MostHeldBytes = 512 * 1024;

    [TestCase("boxes in boxes without end", "7FFFFFFF6D6F6F76" + "7FFFFFF77472616B" + "7FFFFFEF6D646961" + "7FFFFFE76D696E66" + "7FFFFFDF7374626C" + "7FFFFFD773747364" + "0000000000000001")]
    [TestCase("films in films", "000000007472616B", "000000006D6F6F76", "000000006D6F6F76")]
    [TestCase("empty films", "000000086D6F6F76")]
    [TestCase("nothing but zeros", "0000000000000000")]
    [TestCase("zeros in a film", "0000000000000000", "7FFFFFFF6D6F6F76")]
    [TestCase("lengths of 64 bits", "00000001667265650000000000000010")]
    [TestCase("lengths of 64 bits without end", "0000000166726565FFFFFFFFFFFFFFFF")]
    [TestCase("a film of 64 bits", "00000001667265650000000000000010", "000000016D6F6F767FFFFFFFFFFFFFFF")]
    [TestCase("junk without end in a film of 64 bits", "00000002", "000000016D6F6F767FFFFFFFFFFFFFFF")]
    [TestCase("a head and nothing", "0000000C6D6F6F7600000000", "7FFFFFFF6D6F6F76" + "7FFFFFF77472616B" + "7FFFFFEF6D646961")]
    [TestCase("boxes that nobody knows, in a description", "0000000861626364", "7FFFFFFF6D6F6F76" + "7FFFFFF77472616B" + "7FFFFFEF6D646961" + "7FFFFFE76D696E66" + "00000008766D6864" + "7FFFFFD77374626C" + "7FFFFFCF73747364" + "0000000000000001" + "7FFFFF0061766331"
        + "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000018FFFF")]
    [TestCase("fragments in fragments", "000000086D6F6F66" + "0000001074726166" + "00000008747261660000000874726166")]
    public void A_film_built_to_harm_is_walked_over_once_and_never_held(string what, string hex, params string[] before) => Walk(what, Mp4, hex, before);

    [TestCase("empty chunks", "4A554E4B00000000", "52494646FFFFFFFF57454250")]
    [TestCase("Exif without end", "FF", "52494646FFFFFFFF57454250" + "45584946F0FFFFFF")]
    [TestCase("heads in heads", "5650385801000000FF00", "52494646FFFFFFFF57454250")]
    [TestCase("Exif again and again", "4558494602000000FFFF", "52494646FFFFFFFF57454250")]
    [TestCase("empty frames", "414E4D4610000000" + "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "52494646FFFFFFFF57454250")]
    [TestCase("frames in frames", "414E4D46F0FFFF00", "52494646FFFFFFFF57454250")]
    [TestCase("empty chunks in a frame", "4A554E4B00000000", "52494646FFFFFFFF57454250" + "414E4D46E0FFFFFF" + "00000000000000000000000000000000")]
    [TestCase("a chunk longer than the file", "FF", "524946461000000057454250" + "45584946FFFFFFFF")]
    public void A_picture_built_to_harm_is_walked_over_once_and_never_held(string what, string hex, params string[] before) => Walk(what, "image/webp", hex, before);

    [Test]
    public void No_description_is_deeper_than_a_film_has_levels()
    {
        byte[] file = [];
        for (int depth = 0; depth < 20; depth++)
            file = In("moov/trak/mdia/minf/stbl/stsd", Box("avc1", new byte[78], Box("sv3d", file, Box("proj", file))));

        Assert.That(() => Strip(file, Mp4), Throws.Nothing);
    }

    [Test]
    public void A_length_that_lies_is_never_read_behind([Values(0u, 1u, 2u, 7u, 8u, 0x7FFFFFFFu, uint.MaxValue)] uint length, [Values] bool isWide)
    {
        byte[] file = Read("fragments.mp4"); // the smallest with pictures
        for (int at = 0; at + 16 <= file.Length; at++)
        {
            byte[] lying = [.. file];
            BinaryPrimitives.WriteUInt32BigEndian(lying.AsSpan(at), isWide ? 1 : length);
            if (isWide) BinaryPrimitives.WriteUInt64BigEndian(lying.AsSpan(at + 8), ulong.MaxValue - length);

            Assert.That(() => Copy(lying, Mp4, 512), Throws.Nothing, $"at {at}");
        }
    }

    /// <summary>Strips a large file that is the same again and again, into nowhere.</summary>
    private static void Walk(string what, string type, string hex, string[] before)
    {
        byte[] unit = Convert.FromHexString(hex), piece = new byte[PieceBytes / unit.Length * unit.Length];
        for (int at = 0; at < piece.Length; at += unit.Length) unit.CopyTo(piece, at);
        IMetadataStripper stripper = MetadataStrippers.Create(type)!;
        Nowhere output = new();

        long held = GC.GetAllocatedBytesForCurrentThread();
        foreach (string start in before) stripper.Write(Convert.FromHexString(start), output);
        for (int written = 0; written < FileBytes; written += piece.Length) stripper.Write(piece, output);
        held = GC.GetAllocatedBytesForCurrentThread() - held;

        Assert.That(held, Is.LessThan(MostHeldBytes), what);
        Assert.That(output.WrittenBytes, Is.AtMost(FileBytes + (2 * PieceBytes)), what);
    }

    /// <summary>Counts what is written, and requires that it comes in small pieces.</summary>
    private sealed class Nowhere : IBufferWriter<byte>
    {
        private readonly byte[] _buffer = new byte[2 * PieceBytes];

        public long WrittenBytes { get; private set; }

        public void Advance(int count) => WrittenBytes += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

        public Span<byte> GetSpan(int sizeHint = 0)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeHint, _buffer.Length);
            return _buffer;
        }
    }
}

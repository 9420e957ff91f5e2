using System.Buffers;
using System.Globalization;

using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Tests.MessagePack;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class MessagePackWriterTests
{
    private delegate void WriteAction(ref MessagePackWriter writer);

    [TestCase(0, "00")]
    [TestCase(127, "7f")]
    [TestCase(128, "cc80")]
    [TestCase(255, "ccff")]
    [TestCase(256, "cd0100")]
    [TestCase(65_535, "cdffff")]
    [TestCase(65_536, "ce00010000")]
    [TestCase(4_294_967_295, "ceffffffff")]
    [TestCase(4_294_967_296, "cf0000000100000000")]
    [TestCase(9_007_199_254_740_991, "cf001fffffffffffff")]
    [TestCase(long.MaxValue, "cf7fffffffffffffff")]
    [TestCase(-1, "ff")]
    [TestCase(-32, "e0")]
    [TestCase(-33, "d0df")]
    [TestCase(-128, "d080")]
    [TestCase(-129, "d1ff7f")]
    [TestCase(-32_768, "d18000")]
    [TestCase(-32_769, "d2ffff7fff")]
    [TestCase(-2_147_483_648, "d280000000")]
    [TestCase(-2_147_483_649, "d3ffffffff7fffffff")]
    [TestCase(long.MinValue, "d38000000000000000")]
    public void Integer_has_its_shortest_form(long value, string hex)
    {
        byte[] bytes = Written((ref MessagePackWriter writer) => writer.WriteInt64(value));

        Assert.That(Convert.ToHexStringLower(bytes), Is.EqualTo(hex));
    }

    [TestCase(0, "a0")]
    [TestCase(31, "bf")]
    [TestCase(32, "d920")]
    [TestCase(255, "d9ff")]
    [TestCase(256, "da0100")]
    [TestCase(65_535, "daffff")]
    [TestCase(65_536, "db00010000")]
    public void Text_has_the_shortest_header_for_its_bytes(int length, string hex)
    {
        byte[] ascii = Written((ref MessagePackWriter writer) => writer.WriteString(new string('m', length)));
        Assert.That(Header(ascii, length), Is.EqualTo(hex));

        if (length % 2 != 0) return;
        byte[] wide = Written((ref MessagePackWriter writer) => writer.WriteString(new string('é', length / 2)));
        Assert.That(Header(wide, length), Is.EqualTo(hex), "the same number of bytes in half as many characters");
    }

    [TestCase(0, "c400")]
    [TestCase(255, "c4ff")]
    [TestCase(256, "c50100")]
    [TestCase(65_535, "c5ffff")]
    [TestCase(65_536, "c600010000")]
    public void Bin_has_the_shortest_header_for_its_bytes(int length, string hex)
    {
        byte[] bytes = Written((ref MessagePackWriter writer) => writer.WriteBinary(new byte[length]));

        Assert.That(Header(bytes, length), Is.EqualTo(hex));
    }

    [TestCase(0, "90")]
    [TestCase(15, "9f")]
    [TestCase(16, "dc0010")]
    [TestCase(65_535, "dcffff")]
    [TestCase(65_536, "dd00010000")]
    public void Array_has_its_shortest_header(int count, string hex)
    {
        byte[] bytes = Written((ref MessagePackWriter writer) => writer.WriteArrayHeader(count));

        Assert.That(Convert.ToHexStringLower(bytes), Is.EqualTo(hex));
    }

    [Test]
    public void Uuid_is_sixteen_bytes_in_the_order_of_its_text()
    {
        var uuid = Guid.ParseExact("00112233445566778899aabbccddeeff", "N");

        byte[] bytes = Written((ref MessagePackWriter writer) => writer.WriteUuid(uuid));

        Assert.That(Convert.ToHexStringLower(bytes), Is.EqualTo("c410" + uuid.ToString("N", CultureInfo.InvariantCulture)));
    }

    [Test]
    public void Unpaired_surrogate_is_written_as_the_replacement_character()
    {
        byte[] bytes = Written((ref MessagePackWriter writer) => writer.WriteString("a\ud800b"));

        Assert.That(Convert.ToHexStringLower(bytes), Is.EqualTo("a561efbfbd62"));
    }

    [Test]
    public void Output_that_gives_little_space_gets_the_same_bytes()
    {
        WriteAction everything = (ref MessagePackWriter writer) =>
        {
            writer.WriteArrayHeader(100_000);
            for (int i = 0; i < 64; i++) writer.WriteInt64(1L << i);
            writer.WriteString(new string('ß', 300));
            writer.WriteNil();
            writer.WriteBoolean(true);
            writer.WriteUuid(Guid.Empty);
            writer.WriteBinary(new byte[70_000]);
            writer.WriteBoolean(false);
        };
        var stingy = new StingyOutput();
        var writer = new MessagePackWriter(stingy);
        everything(ref writer);
        writer.Flush();

        Assert.That(stingy.Bytes, Is.EqualTo(Written(everything)));
    }

    [Test]
    public void Writer_goes_on_behind_a_flush()
    {
        byte[] bytes = Written((ref MessagePackWriter writer) =>
        {
            writer.WriteInt64(1);
            writer.Flush();
            writer.Flush();
            writer.WriteInt64(2);
        });

        Assert.That(bytes, Is.EqualTo(new byte[] { 1, 2 }));
    }

    private static byte[] Written(WriteAction write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        write(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static string Header(byte[] bytes, int contentBytes) => Convert.ToHexStringLower(bytes[..^contentBytes]);

    /// <summary>Gives exactly as much as is asked for, and new memory each time.</summary>
    private sealed class StingyOutput : IBufferWriter<byte>
    {
        private readonly List<byte> _written = [];
        private byte[] _given = [];

        public byte[] Bytes => [.. _written];

        public void Advance(int count) => _written.AddRange(_given.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _given = new byte[Math.Max(1, sizeHint)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}

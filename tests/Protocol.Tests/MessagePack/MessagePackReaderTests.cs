using System.Buffers;

using Chat.Protocol.MessagePack;
using Chat.Protocol.Tests.Support;

namespace Chat.Protocol.Tests.MessagePack;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class MessagePackReaderTests
{
    [TestCase("c1")] // never used
    [TestCase("d40100")] // fixext 1
    [TestCase("d5010000")] // fixext 2
    [TestCase("d60100000000")] // fixext 4
    [TestCase("d7010000000000000000")] // fixext 8
    [TestCase("d80100000000000000000000000000000000")] // fixext 16
    [TestCase("c7010100")] // ext 8
    [TestCase("c800010100")] // ext 16
    [TestCase("c9000000010100")] // ext 32
    public void Skipping_refuses_ext_and_c1(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);

        foreach (ReadOnlySequence<byte> input in Segments.All(bytes)) Assert.That(Skip(input), Is.False);
        foreach (ReadOnlySequence<byte> input in Segments.All([0x91, .. bytes])) Assert.That(Skip(input), Is.False, "inside an array");
    }

    [Test]
    public void Skipping_takes_one_value_and_leaves_the_next()
    {
        foreach (ReadOnlySequence<byte> input in Segments.All([0x91, 0x01, 0xc0]))
        {
            var reader = new MessagePackReader(input);
            Assert.That(reader.TrySkip());
            Assert.That(reader.Remaining, Is.EqualTo(1));
        }
    }

    [Test]
    public void Skipping_accepts_sixteen_levels_and_refuses_seventeen()
    {
        Assert.That(Skip(new ReadOnlySequence<byte>([.. Enumerable.Repeat((byte)0x91, 16), 0xc0])));
        Assert.That(Skip(new ReadOnlySequence<byte>([.. Enumerable.Repeat((byte)0x91, 17), 0xc0])), Is.False);
        Assert.That(Skip(new ReadOnlySequence<byte>([.. Enumerable.Repeat((byte)0x91, 15), 0x90])));
        Assert.That(Skip(new ReadOnlySequence<byte>([.. Enumerable.Repeat((byte)0x91, 16), 0x90])), Is.False);
    }

    [TestCase(0, 16)]
    [TestCase(1, 15)]
    [TestCase(15, 1)]
    [TestCase(16, 0)]
    public void Skipping_counts_the_levels_that_are_open_around_the_value(int open, int allowed)
    {
        Assert.That(SkipNested(allowed), "as deep as allowed");
        Assert.That(SkipNested(allowed + 1), Is.False, "one deeper");

        bool SkipNested(int levels)
        {
            var reader = new MessagePackReader(new ReadOnlySequence<byte>([.. Enumerable.Repeat((byte)0x91, levels), 0x07]));
            return reader.TrySkip(open) && reader.End;
        }
    }

    [TestCase(-1)]
    [TestCase(17)]
    public void Skipping_at_a_depth_that_cannot_be_is_refused(int depth)
    {
        var reader = new MessagePackReader(new ReadOnlySequence<byte>([0xc0]));

        Assert.That(reader.TrySkip(depth), Is.False);
    }

    [Test]
    public void Skipping_many_small_arrays_takes_them_all()
    {
        byte[] bytes = [0xdc, 0x01, 0x00, .. Enumerable.Repeat<byte[]>([0x92, 0x90, 0x81, 0x01, 0xa0], 256).SelectMany(one => one)];

        foreach (ReadOnlySequence<byte> input in Segments.All(bytes))
        {
            var reader = new MessagePackReader(input);
            Assert.That(reader.TrySkip());
            Assert.That(reader.End);
        }
    }

    [Test]
    public void Nil_is_consumed_only_if_it_is_there()
    {
        var reader = new MessagePackReader(new ReadOnlySequence<byte>([0xc0, 0x07]));

        Assert.That(reader.TryReadNil());
        Assert.That(reader.TryReadNil(), Is.False);
        Assert.That(reader.Remaining, Is.EqualTo(1));
        Assert.That(reader.TryReadInt64(out long value));
        Assert.That(value, Is.EqualTo(7));
        Assert.That(reader.TryReadNil(), Is.False);
    }

    [Test]
    public void Integer_over_63_bits_is_refused_without_being_consumed()
    {
        var reader = new MessagePackReader(new ReadOnlySequence<byte>([0xcf, 0x80, 0, 0, 0, 0, 0, 0, 0]));

        Assert.That(reader.TryReadInt64(out _), Is.False);
        Assert.That(reader.Remaining, Is.EqualTo(9));
    }

    [Test]
    public void Each_first_byte_is_taken_by_the_methods_of_its_kind_and_by_no_other()
    {
        for (int code = 0; code <= 255; code++)
        {
            byte[] bytes = [(byte)code, .. new byte[600]]; // zeros: lengths of 0, and enough values for any small count
            string taken = string.Join(' ', Taken(new ReadOnlySequence<byte>(bytes)));
            Assert.That(taken, Is.EqualTo(Kind(code)), $"{code:x2}");
            Assert.That(string.Join(' ', Taken(Segments.ByteByByte(bytes))), Is.EqualTo(taken), $"{code:x2}, byte by byte");
        }
    }

    private static string Kind(int code) => code switch
    {
        <= 0x7f or >= 0xe0 or (>= 0xcc and <= 0xd3) => "integer skip",
        <= 0x8f or 0xde or 0xdf => "skip",
        <= 0x9f or 0xdc or 0xdd => "array skip",
        <= 0xbf or (>= 0xd9 and <= 0xdb) => "string skip",
        0xc0 => "nil skip",
        0xc2 or 0xc3 => "boolean skip",
        >= 0xc4 and <= 0xc6 => "binary skip",
        0xca or 0xcb => "skip",
        _ => "",
    };

    private static List<string> Taken(ReadOnlySequence<byte> input)
    {
        var taken = new List<string>();
        if (new MessagePackReader(input).TryReadNil()) taken.Add("nil");
        if (new MessagePackReader(input).TryReadBoolean(out _)) taken.Add("boolean");
        if (new MessagePackReader(input).TryReadInt64(out _)) taken.Add("integer");
        if (new MessagePackReader(input).TryReadString(out _)) taken.Add("string");
        if (new MessagePackReader(input).TryReadBinary(out _)) taken.Add("binary");
        if (new MessagePackReader(input).TryReadArrayHeader(out _)) taken.Add("array");
        if (new MessagePackReader(input).TrySkip()) taken.Add("skip");
        return taken;
    }

    private static bool Skip(ReadOnlySequence<byte> input)
    {
        var reader = new MessagePackReader(input);
        return reader.TrySkip();
    }
}

using System.Buffers.Binary;
using System.Text;
using Chat.Fuzz.Engine;
using Chat.Protocol.Frames;
using Chat.Protocol.Codes;

namespace Chat.Fuzz.MessagePack;

/// <summary>Makes MessagePack: trees in every form of the format, whole frames of the wire, and the hostile list of promise 4.7.</summary>
internal static class PackedValues
{
    private static readonly byte[] Types = [.. Enum.GetValues<FrameType>().Select(type => (byte)type)];
    private static readonly uint[] Lies =
    [
        0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536, 1_000_000, int.MaxValue, 0x80000000, uint.MaxValue
    ];
    private static readonly long[] Integers =
    [
        0, 1, 31, 32, 127, 128, 255, 256, 65_535, 65_536, int.MaxValue, uint.MaxValue, (1L << 53) - 1, 1L << 53, long.MaxValue, -1,
        -32, -33, -128, -129, -32_768, -32_769, int.MinValue, long.MinValue,
    ];

    private static readonly string[] Texts =
    [
        "", "a", "ß", "€uro", "😀", "\0", "plain words", "\uffff", new('x', 31), new('x', 32), new('y', 255), new('z', 256)
    ];
    private static readonly byte[][] BadTexts = [[0x80], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF]];

    public static byte[] Make(FuzzRandom random, IReadOnlyList<byte[]> corpus)
    {
        MemoryStream made = new();
        switch (random.Next(10))
        {
            case 0 or 2 when corpus.Count > 0: made.Write(random.Pick(corpus)); break;
            case 1: Bomb(made, random); break;
            case 2 or 3: Frame(made, random); break;
            case 5: made.Write(random.Bytes(random.Next(40))); break;
            default: Value(made, random, 0); break;
        }

        byte[] value = made.ToArray();
        return random.Once(3) ? Mutator.Change(value, random, value) : value;
    }

    private static void Value(MemoryStream to, FuzzRandom random, int depth)
    {
        switch (random.Next(depth > 5 ? 8 : 12))
        {
            case 0: to.WriteByte((byte)random.Pick<int>([0xC0, 0xC2, 0xC3])); break;
            case 1 or 2 or 3: Integer(to, random); break;
            case 4 or 5: Text(to, random); break;
            case 6: Binary(to, random); break;
            case 7: Odd(to, random); break;
            case 8 or 9 or 10: Array(to, random, depth); break;
            default: Map(to, random, depth); break;
        }
    }

    private static void Integer(MemoryStream to, FuzzRandom random)
    {
        long value = random.Once(2) ? random.Pick(Integers) : (long)random.NextUInt64() >> random.Next(64);
        if (value is >= -32 and < 128 && !random.Once(3))
        {
            to.WriteByte(unchecked((byte)value));
            return;
        }

        int width = random.Next(4);
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(wide, value);
        to.WriteByte((byte)((random.Once(2) ? 0xCC : 0xD0) + width));
        to.Write(wide[(8 - (1 << width))..]);
    }

    private static void Text(MemoryStream to, FuzzRandom random)
    {
        byte[] text = Encoding.UTF8.GetBytes(random.Pick(Texts) + random.Pick(Texts));
        if (random.Once(10)) text = [.. text, .. random.Pick(BadTexts)];
        if (text.Length < 32 && !random.Once(3)) to.WriteByte((byte)(0xA0 | text.Length));
        else Sized(to, 0xD9, random.Next(text.Length < 256 ? 0 : 1, 3), (uint)text.Length, []);
        to.Write(text);
    }

    private static void Binary(MemoryStream to, FuzzRandom random)
    {
        byte[] bytes = random.Bytes(random.Once(3) ? 16 : random.Next(40));
        Sized(to, 0xC4, random.Next(3), (uint)bytes.Length, bytes);
    }

    private static void Odd(MemoryStream to, FuzzRandom random)
    {
        switch (random.Next(5))
        {
            case 0: to.WriteByte(0xCA); to.Write(random.Bytes(4)); break;
            case 1: to.WriteByte(0xCB); to.Write(random.Bytes(8)); break;
            case 2 when random.Once(4): to.WriteByte((byte)(0xD4 + random.Next(5))); to.Write(random.Bytes(17)); break;
            case 3 when random.Once(4): to.WriteByte(0xC1); break;
            default:
                Sized(to, (byte)random.Pick<int>([0xC4, 0xD9, 0xDB]), 0, random.Once(6) ? random.Pick(Lies) : 3, random.Bytes(3));
                break;
        }
    }

    private static void Array(MemoryStream to, FuzzRandom random, int depth)
    {
        int count = random.Next(random.Once(10) ? 20 : 5);
        if (count < 16 && !random.Once(4)) to.WriteByte((byte)(0x90 | count));
        else Sized(to, 0xDC - 1, random.Next(1, 3), (uint)count, []);
        for (int i = 0; i < count; i++) Value(to, random, depth + 1);
    }

    private static void Map(MemoryStream to, FuzzRandom random, int depth)
    {
        int pairs = random.Next(4);
        if (!random.Once(4)) to.WriteByte((byte)(0x80 | pairs));
        else Sized(to, 0xDE - 1, random.Next(1, 3), (uint)pairs, []);
        for (int i = 0; i < pairs * 2; i++) Value(to, random, depth + 1);
    }

    /// <summary>An array as the wire's frames are: type, request id, and fields.</summary>
    private static void Frame(MemoryStream to, FuzzRandom random)
    {
        int fields = random.Next(8);
        to.WriteByte((byte)(0x92 + fields));
        byte type = random.Once(20) ? (byte)random.Next(128) : random.Pick(Types);
        to.WriteByte(type);
        Integer(to, random);
        for (int i = 0; i < fields; i++)
        {
            if (random.Once(3)) to.WriteByte((byte)random.Next(128));
            else if (random.Once(6)) Sized(to, 0xC4, 0, 16, random.Bytes(16));
            else Value(to, random, 1);
        }
    }

    private static void Bomb(MemoryStream to, FuzzRandom random)
    {
        byte level = random.Pick<byte>([0x91, 0x81, 0x92, 0xDC, 0xDD]);
        for (int depth = random.Next(12, random.Once(20) ? 5_000 : 22); depth > 0; depth--)
        {
            to.WriteByte(level);
            if (level >= 0xDC) to.Write(level == 0xDC ? [0, 1] : [0, 0, 0, 1]);
            if (level == 0x81) to.WriteByte(0xC0);
        }

        if (random.Once(2)) Sized(to, random.Pick<byte>([0xC4, 0xD9, 0xDB, 0xDD]), 2, random.Pick(Lies), random.Bytes(random.Next(8)));
        else Value(to, random, 0);
    }

    /// <summary>A code that is followed by a length of 1, 2 or 4 bytes, and what it announces.</summary>
    private static void Sized(MemoryStream to, int firstCode, int form, uint length, byte[] content)
    {
        Span<byte> wide = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(wide, length);
        to.WriteByte((byte)(firstCode + form));
        to.Write(wide[(4 - (1 << form))..]);
        to.Write(content);
    }
}

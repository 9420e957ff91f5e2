using System.Buffers.Binary;
using System.Text;
using Chat.Fuzz.Engine;

namespace Chat.Fuzz.WebSocket;

/// <summary>Makes what a client may send over a WebSocket: frames with every field right, odd or wrong (RFC 6455 §5, promise
// 4.4).</summary>
internal static class WebSocketStreams
{
    private static readonly int[] DataOpcodes = [0, 1, 2];
    private static readonly int[] ControlOpcodes = [8, 9, 10];
    private static readonly int[] CloseCodes =
    [
        0, 999, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1011, 1014, 1015, 1016, 2999, 3000, 4000, 4999, 5000, 65_535
    ];
    private static readonly int[] Lengths = [0, 1, 2, 3, 5, 7, 8, 15, 31, 124, 125, 126, 127, 128, 200, 300];
    private static readonly ulong[] Lies =
    [
        0, 1, 125, 126, 65_535, 65_536, 65_541, 262_145, int.MaxValue, uint.MaxValue, long.MaxValue, 1UL << 63, ulong.MaxValue
    ];
    private static readonly byte[][] Texts =
    [
        "a"u8.ToArray(), "é"u8.ToArray(), "€"u8.ToArray(), "😀"u8.ToArray(), "plain words "u8.ToArray(), [0],
    ];

    private static readonly byte[][] BadTexts =
    [
        [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
        [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xFF],
    ];

    public static byte[] Make(FuzzRandom random, IReadOnlyList<byte[]> corpus)
    {
        byte[] stream = random.Once(8) && corpus.Count > 0 ? random.Pick(corpus) : Frames(random);
        return random.Once(3) ? Mutator.Change(stream, random, random.Once(2) && corpus.Count > 0 ? random.Pick(corpus) : stream) : stream;
    }

    private static byte[] Frames(FuzzRandom random)
    {
        MemoryStream stream = new();
        int frames = random.Next(1, 7);
        bool isInMessage = false, isText = false, isWild = random.Once(3);
        for (int i = 0; i < frames; i++)
        {
            if (random.Once(5))
            {
                Control(stream, random, isWild);
                continue;
            }

            bool isFinal = random.Once(2), isFirst = !isInMessage;
            if (isFirst) isText = random.Once(2);
            int opcode = isWild && random.Once(6) ? random.Pick(DataOpcodes) : isFirst ? isText ? 1 : 2 : 0;
            // Now and then more than a message's first room in memory.
            int length = random.Once(100) ? random.Next(3_000, 9_000) : random.Pick(Lengths);
            byte[] payload = isText ? Text(random, isWild) : random.Bytes(length);
            Append(stream, random, opcode, isFinal, payload, isWild);
            isInMessage = !isFinal;
        }

        if (random.Once(3)) Close(stream, random, isWild);
        return stream.ToArray();
    }

    private static void Control(MemoryStream stream, FuzzRandom random, bool isWild)
    {
        if (isWild && random.Once(4))
        {
            Append(
                stream, random, random.Once(4) ? random.Next(16) : random.Pick(ControlOpcodes), !random.Once(4),
                random.Bytes(random.Next(120, 130)), true);
            return;
        }

        Append(stream, random, random.Next(9, 11), true, random.Bytes(random.Next(random.Once(3) ? 126 : 8)), isWild);
    }

    private static void Close(MemoryStream stream, FuzzRandom random, bool isWild)
    {
        int code = isWild ? random.Pick(CloseCodes) : random.Once(2) ? 1000 : random.Next(4000, 5000);
        byte[] reason = random.Once(2) ? Text(random, isWild) : [];
        byte[] payload = isWild && random.Once(4) ? random.Bytes(random.Next(2)) : [(byte)(code >> 8), (byte)code, .. reason];
        Append(stream, random, 8, true, payload.Length > 125 ? payload[..125] : payload, isWild);
    }

    private static byte[] Text(FuzzRandom random, bool isWild)
    {
        List<byte> text = [];
        for (int pieces = random.Next(random.Once(6) ? 60 : 6); pieces > 0; pieces--) text.AddRange(random.Pick(Texts));
        if (isWild && random.Once(4)) text.InsertRange(0, random.Pick(BadTexts));
        if (isWild && random.Once(4)) text.AddRange(random.Pick(BadTexts));
        return [.. text];
    }

    private static void Append(MemoryStream stream, FuzzRandom random, int opcode, bool isFinal, byte[] payload, bool isWild)
    {
        int reserved = isWild && random.Once(20) ? random.Next(8) : 0;
        bool isMasked = !(isWild && random.Once(20));
        ulong declared = isWild && random.Once(12) ? random.Pick(Lies) : (ulong)payload.Length;
        int width = declared < 126 ? 0 : declared <= 65_535 ? 2 : 8;
        if (isWild && random.Once(12)) width = random.Once(2) ? 2 : 8;

        Span<byte> header = stackalloc byte[14];
        header[0] = (byte)((isFinal ? 0x80 : 0) | (reserved << 4) | opcode);
        header[1] = (byte)((isMasked ? 0x80 : 0) | (width switch { 0 => (int)declared, 2 => 126, _ => 127 }));
        if (width == 2) BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)declared);
        if (width == 8) BinaryPrimitives.WriteUInt64BigEndian(header[2..], declared);
        uint mask = random.Once(4) ? 0 : (uint)random.NextUInt64();
        int at = 2 + width;
        if (isMasked)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header[at..], mask);
            at += 4;
        }

        stream.Write(header[..at]);
        for (int i = 0; i < payload.Length; i++) stream.WriteByte((byte)(payload[i] ^ (isMasked ? mask >> (8 * (i & 3)) : 0)));
    }
}

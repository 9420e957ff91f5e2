using System.Buffers.Binary;

namespace Chat.Load.Engine;

/// <summary>One WebSocket frame of a server (RFC 6455 §5.2: never masked), cut off the front of what was read; points into it.</summary>
internal readonly ref struct WebSocketFrame(byte first, ReadOnlySpan<byte> payload)
{
    public const int Continuation = 0;
    public const int Text = 1;
    public const int Binary = 2;
    public const int Close = 8;
    public const int Ping = 9;

    public int Opcode => first & 0x0f;

    public bool IsFinal => (first & 0x80) != 0;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <returns>False: more bytes are needed. A masked frame counts as one of opcode 3, which is reserved.</returns>
    public static bool TryCut(ReadOnlySpan<byte> input, out WebSocketFrame frame, out int frameBytes)
    {
        frame = default;
        frameBytes = 0;
        if (input.Length < 2) return false;

        int header = 2;
        long length = input[1];
        bool isMasked = length > 0x7f;
        if (length == 126)
        {
            header = 4;
            if (input.Length < header) return false;
            length = BinaryPrimitives.ReadUInt16BigEndian(input[2..]);
        }
        else if (length == 127)
        {
            header = 10;
            if (input.Length < header) return false;
            length = BinaryPrimitives.ReadInt64BigEndian(input[2..]);
        }

        if (isMasked) length = 0;
        if (input.Length - header < length) return false;

        frame = new WebSocketFrame(isMasked ? (byte)0x83 : input[0], input.Slice(header, (int)length));
        frameBytes = header + (int)length;
        return true;
    }

    public string DescribeClose() => Payload.Length < 2 ? "close" : $"close {BinaryPrimitives.ReadUInt16BigEndian(Payload)}";
}

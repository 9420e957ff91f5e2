using System.Buffers;
using System.Buffers.Binary;

namespace Chat.Server.Transport;

/// <summary>Opcodes of RFC 6455 §5.2; the rest of the sixteen are reserved.</summary>
public enum WebSocketOpcode : byte
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

public enum WebSocketHeaderResult : byte
{
    Complete,
    NeedMoreData,
    ReservedBits,
    ReservedOpcode,
    NotMasked,
    ControlFragmented,
    ControlTooLong,
    LengthNotMinimal,
    LengthTooLarge,
}

/// <summary>Header of one WebSocket frame from a client.</summary>
/// <param name="Opcode">What it is.</param>
/// <param name="IsFinal">Whether it ends its message.</param>
/// <param name="Mask">The four masking bytes as a little-endian integer.</param>
/// <param name="PayloadBytes">Declared length, header excluded.</param>
/// <param name="HeaderBytes">2 to 14, mask included.</param>
public readonly record struct WebSocketFrameHeader(WebSocketOpcode Opcode, bool IsFinal, uint Mask, long PayloadBytes, int HeaderBytes)
{
    public bool IsControl => Opcode >= WebSocketOpcode.Close;
}

/// <summary>Reads frame headers (RFC 6455 §5.2). Pure: what depends on earlier frames or on limits is
/// <see cref="WebSocketMessageReader"/>'s.</summary>
public static class WebSocketFrameReader
{
    public const int MaxControlPayloadBytes = 125;

    private const int MaxHeaderBytes = 14;
    private const int MaskBytes = 4;

    /// <summary>Reads the header at the front of <paramref name="input"/>, which stays untouched. A fault is told as early as its byte is
    /// there.</summary>
    public static WebSocketHeaderResult TryReadHeader(in ReadOnlySequence<byte> input, out WebSocketFrameHeader header)
    {
        if (input.FirstSpan.Length >= MaxHeaderBytes) return TryReadHeader(input.FirstSpan, out header);

        Span<byte> copy = stackalloc byte[MaxHeaderBytes];
        int length = (int)Math.Min(input.Length, MaxHeaderBytes);
        input.Slice(0, length).CopyTo(copy);
        return TryReadHeader(copy[..length], out header);
    }

    private static WebSocketHeaderResult TryReadHeader(ReadOnlySpan<byte> input, out WebSocketFrameHeader header)
    {
        header = default;
        if (input.IsEmpty) return WebSocketHeaderResult.NeedMoreData;

        int first = input[0], opcode = first & 0x0F;
        bool isFinal = (first & 0x80) != 0, isControl = opcode >= (int)WebSocketOpcode.Close;
        if ((first & 0x70) != 0) return WebSocketHeaderResult.ReservedBits;
        if (opcode is (> 2 and < 8) or > 10) return WebSocketHeaderResult.ReservedOpcode;
        if (isControl && !isFinal) return WebSocketHeaderResult.ControlFragmented;
        if (input.Length < 2) return WebSocketHeaderResult.NeedMoreData;

        int code = input[1] & 0x7F;
        if ((input[1] & 0x80) == 0) return WebSocketHeaderResult.NotMasked;
        if (isControl && code > MaxControlPayloadBytes) return WebSocketHeaderResult.ControlTooLong;

        int lengthEnd = code switch { 126 => 4, 127 => 10, _ => 2 };
        if (input.Length < lengthEnd) return WebSocketHeaderResult.NeedMoreData;

        ulong payloadBytes = code switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(input[2..]),
            127 => BinaryPrimitives.ReadUInt64BigEndian(input[2..]),
            _ => (ulong)code,
        };
        if (payloadBytes > long.MaxValue) return WebSocketHeaderResult.LengthTooLarge;
        if ((code == 126 && payloadBytes < 126) || (code == 127 && payloadBytes <= ushort.MaxValue)) return WebSocketHeaderResult.LengthNotMinimal;
        if (input.Length < lengthEnd + MaskBytes) return WebSocketHeaderResult.NeedMoreData;

        uint mask = BinaryPrimitives.ReadUInt32LittleEndian(input[lengthEnd..]);
        header = new WebSocketFrameHeader((WebSocketOpcode)opcode, isFinal, mask, (long)payloadBytes, lengthEnd + MaskBytes);
        return WebSocketHeaderResult.Complete;
    }
}

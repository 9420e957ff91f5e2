using System.Buffers.Binary;

namespace Chat.Load.Engine;

/// <summary>Makes the WebSocket frames of a client, masked with zero: as RFC 6455 §5.3 asks, and at no cost.</summary>
internal static class ClientFrame
{
    public const byte FinalText = 0x81;
    public const byte FinalBinary = 0x82;

    /// <summary>Longest header that a client's frame of up to 65,535 bytes has.</summary>
    public const int MaxHeaderBytes = 8;

    /// <summary>Longest control frame.</summary>
    public const int MaxControlBytes = MaxHeaderBytes + 125;

    private const byte FinalPong = 0x8a;
    private const byte Masked = 0x80;

    /// <returns>Bytes written.</returns>
    public static int WriteHeader(Span<byte> output, byte first, int payloadBytes)
    {
        output[0] = first;
        int at = 2;
        if (payloadBytes < 126)
        {
            output[1] = (byte)(Masked | payloadBytes);
        }
        else
        {
            output[1] = Masked | 126;
            BinaryPrimitives.WriteUInt16BigEndian(output[2..], checked((ushort)payloadBytes));
            at = 4;
        }

        output.Slice(at, 4).Clear(); // the mask
        return at + 4;
    }

    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> output, byte first, ReadOnlySpan<byte> payload)
    {
        int at = WriteHeader(output, first, payload.Length);
        payload.CopyTo(output[at..]);
        return at + payload.Length;
    }

    /// <summary>A frame in an array of its own; for what is rare.</summary>
    public static byte[] Make(byte first, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[payload.Length + MaxHeaderBytes];
        return frame[..Write(frame, first, payload)];
    }

    /// <returns>Bytes written.</returns>
    public static int WritePong(Span<byte> output, ReadOnlySpan<byte> payload) => Write(output, FinalPong, payload);
}

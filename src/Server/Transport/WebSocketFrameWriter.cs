using System.Buffers.Binary;
using System.Text;

namespace Chat.Server.Transport;

/// <summary>Encodes the server's WebSocket frames: unmasked, never fragmented.</summary>
public static class WebSocketFrameWriter
{
    /// <summary>Most bytes <see cref="WriteHeader"/> writes.</summary>
    public const int MaxHeaderBytes = 10;

    private const int MaxReasonBytes = WebSocketFrameReader.MaxControlPayloadBytes - 2;

    /// <returns>Bytes written to <paramref name="destination"/>: 2, 4 or 10.</returns>
    public static int WriteHeader(Span<byte> destination, WebSocketOpcode opcode, long payloadBytes)
    {
        destination[0] = (byte)(0x80 | (int)opcode);
        if (payloadBytes < 126)
        {
            destination[1] = (byte)payloadBytes;
            return 2;
        }

        if (payloadBytes <= ushort.MaxValue)
        {
            destination[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)payloadBytes);
            return 4;
        }

        destination[1] = 127;
        BinaryPrimitives.WriteInt64BigEndian(destination[2..], payloadBytes);
        return 10;
    }

    /// <summary>One whole frame in an array of its own.</summary>
    public static byte[] Encode(WebSocketOpcode opcode, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[MaxHeaderBytes];
        int headerBytes = WriteHeader(header, opcode, payload.Length);
        byte[] frame = new byte[headerBytes + payload.Length];
        header[..headerBytes].CopyTo(frame);
        payload.CopyTo(frame.AsSpan(headerBytes));
        return frame;
    }

    /// <param name="code">The close code; <see cref="WebSocketCloseCode.NoStatus"/> makes a frame without one.</param>
    /// <param name="reason">Cut, between characters, to the 123 bytes of UTF-8 that fit.</param>
    public static byte[] EncodeClose(int code, string reason)
    {
        if (code == WebSocketCloseCode.NoStatus) return Encode(WebSocketOpcode.Close, default);

        Span<byte> payload = stackalloc byte[WebSocketFrameReader.MaxControlPayloadBytes];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        Encoding.UTF8.GetEncoder().Convert(reason, payload.Slice(2, MaxReasonBytes), flush: true, out _, out int reasonBytes, out _);
        return Encode(WebSocketOpcode.Close, payload[..(2 + reasonBytes)]);
    }
}

using System.Buffers.Binary;

using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Framing;

namespace Chat.Load.Wire;

/// <summary>Makes the WebSocket frames of a client, masked with zero: as the protocol asks, and at no cost.</summary>
internal static class ClientFrames
{
    private const byte FinBinary = 0x82;
    private const byte FinPong = 0x8a;
    private const byte Masked = 0x80;

    /// <summary>Any frame of the protocol; for what is rare.</summary>
    public static byte[] Encode<T>(in T frame, uint requestId)
        where T : struct, IFrame<T> => Wrap(FinBinary, FrameEncoder.Encode(in frame, requestId));

    public static byte[] Pong(ReadOnlySpan<byte> payload) => Wrap(FinPong, payload);

    /// <summary>A whole <c>send_message</c> with its headers, written in the shortest forms.</summary>
    /// <param name="output">Long enough: the text and 64 bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int WriteSendMessage(
        Span<byte> output, uint requestId, long chatId, ReadOnlySpan<byte> clientMessageId, ReadOnlySpan<byte> text)
    {
        // The WebSocket header is 8 bytes for anything from 126 to 65,535 bytes; shorter payloads have 6.
        Span<byte> body = stackalloc byte[48];
        int n = 0;
        body[n++] = 0x95; // [type, request id, chat, client message id, text]
        body[n++] = (byte)FrameType.SendMessage;
        n += WriteInteger(body[n..], requestId);
        n += WriteInteger(body[n..], chatId);
        body[n++] = 0xc4;
        body[n++] = 16;
        clientMessageId.CopyTo(body[n..]);
        n += 16;
        n += WriteTextHeader(body[n..], text.Length);

        int bodyBytes = n + text.Length;
        int at = WriteHeader(output, FinBinary, bodyBytes + FrameReader.HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(output[at..], (uint)bodyBytes);
        at += FrameReader.HeaderBytes;
        body[..n].CopyTo(output[at..]);
        at += n;
        text.CopyTo(output[at..]);
        return at + text.Length;
    }

    private static byte[] Wrap(byte firstByte, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[payload.Length + 14];
        int at = WriteHeader(frame, firstByte, payload.Length);
        payload.CopyTo(frame.AsSpan(at));
        return frame[..(at + payload.Length)];
    }

    private static int WriteHeader(Span<byte> output, byte firstByte, int payloadBytes)
    {
        output[0] = firstByte;
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

    private static int WriteInteger(Span<byte> output, long value)
    {
        switch (value)
        {
            case < 0x80:
                output[0] = (byte)value;
                return 1;
            case <= byte.MaxValue:
                (output[0], output[1]) = (0xcc, (byte)value);
                return 2;
            case <= ushort.MaxValue:
                output[0] = 0xcd;
                BinaryPrimitives.WriteUInt16BigEndian(output[1..], (ushort)value);
                return 3;
            case <= uint.MaxValue:
                output[0] = 0xce;
                BinaryPrimitives.WriteUInt32BigEndian(output[1..], (uint)value);
                return 5;
            default:
                output[0] = 0xcf;
                BinaryPrimitives.WriteUInt64BigEndian(output[1..], (ulong)value);
                return 9;
        }
    }

    private static int WriteTextHeader(Span<byte> output, int bytes)
    {
        switch (bytes)
        {
            case < 32:
                output[0] = (byte)(0xa0 | bytes);
                return 1;
            case <= byte.MaxValue:
                (output[0], output[1]) = (0xd9, (byte)bytes);
                return 2;
            default:
                output[0] = 0xda;
                BinaryPrimitives.WriteUInt16BigEndian(output[1..], (ushort)bytes);
                return 3;
        }
    }
}

using System.Buffers.Binary;

using Chat.Load.Engine;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Framing;

namespace Chat.Load.Wire;

/// <summary>Makes a client's frames of the chat protocol, each in a WebSocket frame of its own.</summary>
internal static class ChatFrames
{
    /// <summary>What a <c>send_message</c> takes beside its text, at most.</summary>
    public const int SendMessageBytes = 64;

    /// <summary>What a <c>set_typing</c> takes, at most.</summary>
    public const int SetTypingBytes = 32;

    /// <summary>Any frame of the protocol; for what is rare.</summary>
    public static byte[] Encode<T>(in T frame, uint requestId)
        where T : struct, IFrame<T> => ClientFrame.Make(ClientFrame.FinalBinary, FrameEncoder.Encode(in frame, requestId));

    /// <summary>A whole <c>send_message</c> with its headers, written in the shortest forms.</summary>
    /// <param name="output">Long enough: the text and <see cref="SendMessageBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int WriteSendMessage(
        Span<byte> output, uint requestId, long chatId, ReadOnlySpan<byte> clientMessageId, ReadOnlySpan<byte> text)
    {
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
        int at = ClientFrame.WriteHeader(output, ClientFrame.FinalBinary, bodyBytes + FrameReader.HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(output[at..], (uint)bodyBytes);
        at += FrameReader.HeaderBytes;
        body[..n].CopyTo(output[at..]);
        at += n;
        text.CopyTo(output[at..]);
        return at + text.Length;
    }

    /// <summary>A whole <c>set_typing</c> with its headers.</summary>
    /// <param name="output">Long enough: <see cref="SetTypingBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int WriteSetTyping(Span<byte> output, uint requestId, long chatId, bool active)
    {
        Span<byte> body = stackalloc byte[24];
        int n = 0;
        body[n++] = 0x94; // [type, request id, chat, active]
        body[n++] = (byte)FrameType.SetTyping;
        n += WriteInteger(body[n..], requestId);
        n += WriteInteger(body[n..], chatId);
        body[n++] = active ? (byte)0xc3 : (byte)0xc2;

        int at = ClientFrame.WriteHeader(output, ClientFrame.FinalBinary, n + FrameReader.HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(output[at..], (uint)n);
        at += FrameReader.HeaderBytes;
        body[..n].CopyTo(output[at..]);
        return at + n;
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

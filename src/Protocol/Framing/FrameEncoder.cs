using System.Buffers;
using System.Buffers.Binary;

using Chat.Protocol.Frames;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Framing;

/// <summary>Turns frames into bytes, length prefix included, protocol-spec.md §3. Thread-safe. One array of exact size a call.</summary>
public static class FrameEncoder
{
    private const byte FinalBinary = 0x82; // RFC 6455 §5.2: FIN, opcode 2
    private const byte Length16 = 126;
    private const byte Length64 = 127;
    private const int MaxWebSocketHeaderBytes = 10;

    /// <summary>Encodes length prefix and body.</summary>
    /// <param name="frame">What to encode.</param>
    /// <param name="requestId">A request's own id, a reply's echo; 0 for a push.</param>
    public static byte[] Encode<T>(in T frame, uint requestId = 0)
        where T : struct, IFrame<T>
    {
        FrameScratch scratch = Render(in frame, requestId);
        byte[] result = scratch.Written.ToArray();
        FrameScratch.Return(scratch);
        return result;
    }

    /// <summary>
    /// Encodes one unmasked, final, binary WebSocket frame (RFC 6455 §5.2) that holds one frame: what the server sends, ready for any
    /// number of receivers.
    /// </summary>
    /// <param name="frame">What to encode.</param>
    /// <param name="requestId">A reply's echo; 0 for a push.</param>
    public static byte[] EncodeWebSocket<T>(in T frame, uint requestId = 0)
        where T : struct, IFrame<T>
    {
        FrameScratch scratch = Render(in frame, requestId);
        ReadOnlySpan<byte> payload = scratch.Written;
        int header = WebSocketHeaderBytes(payload.Length);
        byte[] result = GC.AllocateUninitializedArray<byte>(header + payload.Length);
        WriteWebSocketHeader(result, payload.Length);
        payload.CopyTo(result.AsSpan(header));
        FrameScratch.Return(scratch);
        return result;
    }

    /// <summary>
    /// Encodes one WebSocket frame as <see cref="EncodeWebSocket"/> does, into memory of the calling thread: for bytes that are copied on at
    /// once, such as a reply to one receiver. Nothing is allocated in the long run.
    /// </summary>
    /// <param name="frame">What to encode.</param>
    /// <param name="requestId">A reply's echo; 0 for a push.</param>
    public static RentedFrame RentWebSocket<T>(in T frame, uint requestId = 0)
        where T : struct, IFrame<T>
    {
        FrameScratch scratch = Render(in frame, requestId, MaxWebSocketHeaderBytes);
        int payloadBytes = scratch.Written.Length - MaxWebSocketHeaderBytes;
        int start = MaxWebSocketHeaderBytes - WebSocketHeaderBytes(payloadBytes);
        WriteWebSocketHeader(scratch.Reserved(MaxWebSocketHeaderBytes)[start..], payloadBytes);
        return new RentedFrame(scratch, start);
    }

    /// <summary>Appends length prefix and body to <paramref name="output"/>; several frames may follow one another, §2.3.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="frame">What to encode.</param>
    /// <param name="requestId">A request's own id, a reply's echo; 0 for a push.</param>
    public static void Write<T>(IBufferWriter<byte> output, in T frame, uint requestId)
        where T : struct, IFrame<T>
    {
        FrameScratch scratch = Render(in frame, requestId);
        output.Write(scratch.Written);
        FrameScratch.Return(scratch);
    }

    private static FrameScratch Render<T>(in T frame, uint requestId, int reserved = 0)
        where T : struct, IFrame<T>
    {
        int front = reserved + FrameReader.HeaderBytes;
        FrameScratch scratch = FrameScratch.Rent(front);
        var writer = new MessagePackWriter(scratch);
        frame.Write(ref writer, requestId);
        writer.Flush();

        int bodyBytes = scratch.Written.Length - front;
        BinaryPrimitives.WriteUInt32LittleEndian(scratch.Reserved(front)[reserved..], (uint)bodyBytes);
        return scratch;
    }

    private static int WebSocketHeaderBytes(int payloadBytes) => payloadBytes switch
    {
        < Length16 => 2,
        <= ushort.MaxValue => 4,
        _ => 10,
    };

    private static void WriteWebSocketHeader(Span<byte> to, int payloadBytes)
    {
        to[0] = FinalBinary;
        switch (payloadBytes)
        {
            case < Length16:
                to[1] = (byte)payloadBytes;
                break;
            case <= ushort.MaxValue:
                to[1] = Length16;
                BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)payloadBytes);
                break;
            default:
                to[1] = Length64;
                BinaryPrimitives.WriteUInt64BigEndian(to[2..], (ulong)payloadBytes);
                break;
        }
    }
}

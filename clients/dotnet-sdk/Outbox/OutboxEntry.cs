using System.Buffers;
using System.Buffers.Binary;
using System.Text;

using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;

namespace Chat.Sdk.Outbox;

/// <summary>
/// What an <see cref="IOutboxStore"/> keeps of a message: the request as it goes over the wire, and where it stood. Little-endian:
/// u8 version, i64 number, i64 queued at (Unix, ms), u8 flags, with a failure i32 code, u16 and the name, u16 and the message; then the frame.
/// </summary>
internal readonly record struct OutboxEntry(long Number, DateTimeOffset QueuedAt, bool WentOut, ChatException? Failure, SendMessageRequest Request)
{
    private const byte Version = 1;
    private const int FixedBytes = 18;
    private const byte WentOutFlag = 1;
    private const byte FailedFlag = 2;
    private const byte RetryableFlag = 4;
    private const int MaxReasonChars = 1_000;
    private const long MaxTimeMs = 253_402_300_799_000; // the end of the year 9999

    /// <exception cref="ChatException">No frame holds the request.</exception>
    public byte[] ToBytes()
    {
        byte[] frame = FrameEncoder.Encode(Request, requestId: 1);
        if (frame.Length - FrameReader.HeaderBytes > ProtocolLimits.MaxClientFrameBytes)
            throw ChatException.Local(LocalErrorCode.RequestTooLarge, $"The request has {frame.Length} bytes; no frame holds it.");

        ArrayBufferWriter<byte> output = new(FixedBytes + frame.Length);
        Span<byte> front = output.GetSpan(FixedBytes);
        front[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(front[1..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(front[9..], QueuedAt.ToUnixTimeMilliseconds());
        front[17] = (byte)((WentOut ? WentOutFlag : 0) | (Failure is null ? 0 : FailedFlag) | (Failure is { Retryable: true } ? RetryableFlag : 0));
        output.Advance(FixedBytes);
        if (Failure is { } failure)
        {
            BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(4), failure.Code);
            output.Advance(4);
            WriteText(output, failure.Name);
            WriteText(output, failure.Message);
        }

        output.Write(frame);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>False: these are no bytes of an entry, or those of a later version.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out OutboxEntry entry)
    {
        entry = default;
        ReadOnlySpan<byte> from = bytes.Span;
        if (from.Length < FixedBytes || from[0] != Version) return false;

        long number = BinaryPrimitives.ReadInt64LittleEndian(from[1..]);
        long queuedAt = BinaryPrimitives.ReadInt64LittleEndian(from[9..]);
        byte flags = from[17];
        int read = FixedBytes;
        if (number is < 1 or > ProtocolLimits.MaxInteger || queuedAt is < 0 or > MaxTimeMs) return false;

        ChatException? failure = null;
        if ((flags & FailedFlag) != 0)
        {
            if (from.Length < read + 4) return false;

            int code = BinaryPrimitives.ReadInt32LittleEndian(from[read..]);
            read += 4;
            if (!TryReadText(from, ref read, out string name) || !TryReadText(from, ref read, out string reason)) return false;

            failure = new ChatException(code, name, reason, (flags & RetryableFlag) != 0);
        }

        ReadOnlySequence<byte> rest = new(bytes[read..]);
        if (FrameReader.TryRead(ref rest, ProtocolLimits.MaxClientFrameBytes, out ReadOnlySequence<byte> body) != FrameReadResult.Complete || !rest.IsEmpty)
            return false;
        if (!SendMessageRequest.TryRead(body, out _, out SendMessageRequest request) || request.ClientMessageId == Guid.Empty) return false;

        entry = new OutboxEntry(number, DateTimeOffset.FromUnixTimeMilliseconds(queuedAt), (flags & WentOutFlag) != 0, failure, request);
        return true;
    }

    private static void WriteText(ArrayBufferWriter<byte> output, string text)
    {
        string some = text.Length <= MaxReasonChars ? text : text[..MaxReasonChars];
        int bytes = Encoding.UTF8.GetByteCount(some);
        Span<byte> to = output.GetSpan(2 + bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)bytes);
        Encoding.UTF8.GetBytes(some, to[2..]);
        output.Advance(2 + bytes);
    }

    private static bool TryReadText(ReadOnlySpan<byte> from, ref int read, out string text)
    {
        text = "";
        if (from.Length < read + 2) return false;

        int bytes = BinaryPrimitives.ReadUInt16LittleEndian(from[read..]);
        read += 2;
        if (from.Length < read + bytes) return false;

        text = Encoding.UTF8.GetString(from.Slice(read, bytes));
        read += bytes;
        return true;
    }
}

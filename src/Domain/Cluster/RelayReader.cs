using System.Buffers.Binary;
using Chat.Domain.Fanout;
using Chat.Protocol.Framing;

namespace Chat.Domain.Cluster;

/// <summary>
/// Reads publications about chats, see <see cref="RelayFormat"/>. The bytes come from the network: every method answers false for what is
/// cut short or out of range, and nothing is read after that. Frames are not decoded, but they are what they say they are: one whole
/// WebSocket frame with one whole frame of ours, so that no publication can break the stream of a connection.
/// </summary>
internal struct RelayReader(ReadOnlyMemory<byte> payload)
{
    /// <summary>Ids and sequences stay below this, protocol-spec.md §1.</summary>
    private const long MaxInteger = (1L << 53) - 1;

    private const byte FinalBinary = 0x82; // RFC 6455 §5.2: FIN, opcode 2

    private int _at;

    public readonly bool IsAtEnd => _at == payload.Length;

    public bool TryReadFormat(out RelayFormat format)
    {
        format = default;
        if (_at >= payload.Length) return false;
        format = (RelayFormat)payload.Span[_at++];
        return true;
    }

    public bool TryReadIncarnation(out long incarnation)
    {
        incarnation = 0;
        if (payload.Length - _at < sizeof(long)) return false;
        incarnation = BinaryPrimitives.ReadInt64LittleEndian(payload.Span[_at..]);
        _at += sizeof(long);
        return incarnation > 0;
    }

    /// <summary>A count of elements, each of at least two bytes.</summary>
    public bool TryReadCount(out int count)
    {
        count = 0;
        if (!TryReadInteger(out long value) || value > (payload.Length - _at) / 2) return false;
        count = (int)value;
        return true;
    }

    public bool TryReadEvent(out SequencedPush push)
    {
        push = default;
        if (!TryReadPositive(out long chatId) || !TryReadPositive(out long sequence)) return false;
        if (!TryReadInteger(out long kind) || kind > short.MaxValue || !TryReadInteger(out long subjectId)) return false;
        if (!TryReadFrame(out ReadOnlyMemory<byte> frame)) return false;
        push = new SequencedPush(chatId, sequence, (short)kind, subjectId, frame);
        return true;
    }

    public bool TryReadEphemeral(out long chatId, out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        return TryReadPositive(out chatId) && TryReadFrame(out frame);
    }

    public bool TryReadDirected(out long principalId, out long deviceId, out ReadOnlyMemory<byte> frame)
    {
        (deviceId, frame) = (0, default);
        return TryReadPositive(out principalId) && TryReadPositive(out deviceId) && TryReadFrame(out frame);
    }

    public bool TryReadHead(out long chatId, out long head)
    {
        head = 0;
        return TryReadPositive(out chatId) && TryReadPositive(out head);
    }

    private bool TryReadFrame(out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (!TryReadInteger(out long length) || length > payload.Length - _at) return false;
        frame = payload.Slice(_at, (int)length);
        _at += (int)length;
        return IsWholeFrame(frame.Span);
    }

    private static bool IsWholeFrame(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 || bytes[0] != FinalBinary) return false;
        int header = bytes[1] switch { < 126 => 2, 126 => 4, 127 => 10, _ => int.MaxValue };
        if (header > bytes.Length - FrameReader.HeaderBytes) return false;
        ulong declared = header switch
        {
            2 => bytes[1],
            4 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            _ => BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
        };
        int whole = bytes.Length - header;
        return declared == (ulong)whole
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[header..]) == (uint)(whole - FrameReader.HeaderBytes)
            && whole <= ProtocolLimits.MaxServerFrameBytes + FrameReader.HeaderBytes;
    }

    private bool TryReadPositive(out long value) => TryReadInteger(out value) && value > 0;

    private bool TryReadInteger(out long value)
    {
        value = 0;
        ReadOnlySpan<byte> bytes = payload.Span;
        for (int shift = 0; shift < 63 && _at < bytes.Length; shift += 7)
        {
            byte part = bytes[_at++];
            value |= (long)(part & 0x7F) << shift;
            if ((part & 0x80) == 0) return value <= MaxInteger;
        }

        return false;
    }
}

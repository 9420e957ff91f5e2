using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Chat.Protocol.MessagePack;

/// <summary>
/// Writes MessagePack in its shortest forms, protocol-spec.md §3.5. What was written reaches the output with <see cref="Flush"/>; until
/// then nobody else may use the output.
/// </summary>
public ref struct MessagePackWriter
{
    private const int LongestHeader = 9;

    private readonly IBufferWriter<byte> _output;
    private Span<byte> _span;
    private int _used;

    /// <summary>Starts behind what <paramref name="output"/> holds.</summary>
    public MessagePackWriter(IBufferWriter<byte> output)
    {
        _output = output;
        _span = output.GetSpan(LongestHeader);
        _used = 0;
    }

    /// <summary>Writes nil.</summary>
    public void WriteNil() => WriteByte(MessagePackCode.Nil);

    /// <summary>Writes a bool.</summary>
    public void WriteBoolean(bool value) => WriteByte(value ? MessagePackCode.True : MessagePackCode.False);

    /// <summary>Writes an integer.</summary>
    public void WriteInt64(long value)
    {
        if (value is >= 0 and <= MessagePackCode.MaxPositiveFixInt or < 0 and >= -32)
        {
            WriteByte(unchecked((byte)value));
            return;
        }

        Span<byte> to = Reserve(LongestHeader);
        if (value >= 0) WriteUnsigned(to, (ulong)value);
        else WriteNegative(to, value);
    }

    /// <summary>Writes a str. An unpaired surrogate is written as U+FFFD.</summary>
    public void WriteString(string value)
    {
        int bytes = Encoding.UTF8.GetByteCount(value);
        WriteStringHeader(bytes);
        Span<byte> to = Reserve(bytes); // before _used is read, as it may flush
        _used += Encoding.UTF8.GetBytes(value, to);
    }

    /// <summary>Writes a bin.</summary>
    public void WriteBinary(ReadOnlySpan<byte> value)
    {
        WriteLength(value.Length, MessagePackCode.Bin8);
        value.CopyTo(Reserve(value.Length));
        _used += value.Length;
    }

    /// <summary>Writes a UUID as a bin of 16 bytes in the byte order of RFC 9562 (big-endian).</summary>
    public void WriteUuid(Guid value)
    {
        Span<byte> to = Reserve(18);
        to[0] = MessagePackCode.Bin8;
        to[1] = 16;
        value.TryWriteBytes(to[2..], bigEndian: true, out _);
        _used += 18;
    }

    /// <summary>Writes an array's header; the caller writes as many values behind it.</summary>
    public void WriteArrayHeader(int count)
    {
        if (count <= 15)
        {
            WriteByte((byte)(MessagePackCode.FixArray | count));
        }
        else if (count <= ushort.MaxValue)
        {
            WriteByte(MessagePackCode.Array16);
            BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), (ushort)count);
            _used += 2;
        }
        else
        {
            WriteByte(MessagePackCode.Array32);
            BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), (uint)count);
            _used += 4;
        }
    }

    /// <summary>Hands what was written to the output. The writer may go on afterwards.</summary>
    public void Flush()
    {
        _output.Advance(_used);
        _span = default;
        _used = 0;
    }

    private void WriteStringHeader(int bytes)
    {
        if (bytes <= 31) WriteByte((byte)(MessagePackCode.FixStr | bytes));
        else WriteLength(bytes, MessagePackCode.Str8);
    }

    /// <summary>Writes a length in the shortest of the three forms that start at <paramref name="first"/>.</summary>
    private void WriteLength(int bytes, byte first)
    {
        Span<byte> to = Reserve(5);
        if (bytes <= byte.MaxValue)
        {
            to[0] = first;
            to[1] = (byte)bytes;
            _used += 2;
        }
        else if (bytes <= ushort.MaxValue)
        {
            to[0] = (byte)(first + 1);
            BinaryPrimitives.WriteUInt16BigEndian(to[1..], (ushort)bytes);
            _used += 3;
        }
        else
        {
            to[0] = (byte)(first + 2);
            BinaryPrimitives.WriteUInt32BigEndian(to[1..], (uint)bytes);
            _used += 5;
        }
    }

    private void WriteUnsigned(Span<byte> to, ulong value)
    {
        switch (value)
        {
            case <= byte.MaxValue:
                to[0] = MessagePackCode.UInt8;
                to[1] = (byte)value;
                _used += 2;
                break;
            case <= ushort.MaxValue:
                to[0] = MessagePackCode.UInt16;
                BinaryPrimitives.WriteUInt16BigEndian(to[1..], (ushort)value);
                _used += 3;
                break;
            case <= uint.MaxValue:
                to[0] = MessagePackCode.UInt32;
                BinaryPrimitives.WriteUInt32BigEndian(to[1..], (uint)value);
                _used += 5;
                break;
            default:
                to[0] = MessagePackCode.UInt64;
                BinaryPrimitives.WriteUInt64BigEndian(to[1..], value);
                _used += 9;
                break;
        }
    }

    private void WriteNegative(Span<byte> to, long value)
    {
        switch (value)
        {
            case >= sbyte.MinValue:
                to[0] = MessagePackCode.Int8;
                to[1] = unchecked((byte)value);
                _used += 2;
                break;
            case >= short.MinValue:
                to[0] = MessagePackCode.Int16;
                BinaryPrimitives.WriteInt16BigEndian(to[1..], (short)value);
                _used += 3;
                break;
            case >= int.MinValue:
                to[0] = MessagePackCode.Int32;
                BinaryPrimitives.WriteInt32BigEndian(to[1..], (int)value);
                _used += 5;
                break;
            default:
                to[0] = MessagePackCode.Int64;
                BinaryPrimitives.WriteInt64BigEndian(to[1..], value);
                _used += 9;
                break;
        }
    }

    private void WriteByte(byte value)
    {
        Reserve(1)[0] = value;
        _used++;
    }

    /// <summary>At least <paramref name="bytes"/> of free space behind what was written.</summary>
    private Span<byte> Reserve(int bytes)
    {
        if (_span.Length - _used < bytes)
        {
            Flush();
            _span = _output.GetSpan(Math.Max(bytes, LongestHeader));
        }

        return _span[_used..];
    }
}

using System.Buffers.Binary;

namespace Chat.Load.Wire;

/// <summary>
/// Reads the few MessagePack values that the hot path meets, straight from the receive buffer. Protocol's own reader makes strings and
/// lists, which at hundreds of thousands of deliveries a second would be the generator's cost and not the server's. A fault sticks.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    public bool IsMalformed { get; private set; }

    public int ReadArray()
    {
        byte code = Next();
        if ((code & 0xf0) == 0x90) return code & 0x0f;
        return code == 0xdc ? (int)Number(2) : Fail();
    }

    public long ReadInteger()
    {
        byte code = Next();
        if (code < 0x80) return code;
        return code switch
        {
            0xcc => Number(1),
            0xcd => Number(2),
            0xce => Number(4),
            0xcf => Number(8),
            _ => Fail(),
        };
    }

    /// <summary>A str or bin; empty for nil.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        byte code = Next();
        if ((code & 0xe0) == 0xa0) return Take(code & 0x1f);
        return code switch
        {
            0xc0 => default,
            0xc4 or 0xd9 => Take((int)Number(1)),
            0xc5 or 0xda => Take((int)Number(2)),
            _ => Take(Fail()),
        };
    }

    /// <summary>An integer or nil.</summary>
    public long? ReadOptionalInteger()
    {
        if (_rest.Length > 0 && _rest[0] == 0xc0)
        {
            _rest = _rest[1..];
            return null;
        }

        return ReadInteger();
    }

    private byte Next()
    {
        if (_rest.IsEmpty)
        {
            Fail();
            return 0xc1;
        }

        byte code = _rest[0];
        _rest = _rest[1..];
        return code;
    }

    private long Number(int bytes)
    {
        ReadOnlySpan<byte> number = Take(bytes);
        return number.Length switch
        {
            1 => number[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(number),
            4 => BinaryPrimitives.ReadUInt32BigEndian(number),
            8 => (long)BinaryPrimitives.ReadUInt64BigEndian(number),
            _ => 0,
        };
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            Fail();
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private int Fail()
    {
        IsMalformed = true;
        _rest = default;
        return 0;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

using Chat.Protocol.Framing;

namespace Chat.Protocol.MessagePack;

/// <summary>
/// Reads MessagePack as far as the wire uses it, protocol-spec.md §3.5. It never throws on bad input: after a method answered false its
/// position means nothing and the input is malformed (except <see cref="TryReadNil"/>, which then has consumed nothing).
/// </summary>
/// <remarks>
/// Holds no copy of the input, which must outlive it. Declared counts and lengths are compared with the bytes that are left before
/// anything is allocated, so an allocation is never larger than a small multiple of the input.
/// </remarks>
public ref struct MessagePackReader
{
    private const int LongestInteger = 9;

    private SequenceReader<byte> _input;

    /// <summary>Starts at the front of <paramref name="input"/>.</summary>
    public MessagePackReader(ReadOnlySequence<byte> input) => _input = new SequenceReader<byte>(input);

    /// <summary>Bytes not yet consumed.</summary>
    public readonly long Remaining => _input.Remaining;

    /// <summary>Whether all input is consumed.</summary>
    public readonly bool End => _input.End;

    /// <summary>Whether a whole uint64 follows that does not fit an <see cref="long"/>: an integer, but out of every range of ours.</summary>
    internal readonly bool IsAtHugeInteger =>
        _input.TryPeek(out byte code) && code == MessagePackCode.UInt64
        && _input.TryPeek(1, out byte high) && high > 0x7f && _input.Remaining >= 9;

    /// <summary>Consumes a nil if one follows; otherwise consumes nothing.</summary>
    public bool TryReadNil()
    {
        if (!_input.TryPeek(out byte code) || code != MessagePackCode.Nil) return false;

        _input.Advance(1);
        return true;
    }

    /// <summary>Reads a bool.</summary>
    public bool TryReadBoolean(out bool value)
    {
        value = false;
        if (!_input.TryRead(out byte code)) return false;

        value = code == MessagePackCode.True;
        return code is MessagePackCode.True or MessagePackCode.False;
    }

    /// <summary>Reads an integer in any of the format's forms. One over 2^63−1 answers false and consumes nothing.</summary>
    public bool TryReadInt64(out long value)
    {
        ReadOnlySpan<byte> unread = _input.UnreadSpan;
        int consumed;
        if (unread.Length >= LongestInteger)
        {
            consumed = DecodeInteger(unread, out value);
        }
        else
        {
            Span<byte> copy = stackalloc byte[LongestInteger]; // the end of the input or of a segment of it
            copy = copy[..(int)Math.Min(LongestInteger, _input.Remaining)];
            _input.TryCopyTo(copy);
            consumed = DecodeInteger(copy, out value);
        }

        _input.Advance(consumed);
        return consumed > 0;
    }

    /// <summary>
    /// Reads a str as a string. One that is not valid UTF-8 answers false: no surrogates, no overlong forms. U+0000 is valid.
    /// </summary>
    public bool TryReadString([NotNullWhen(true)] out string? value)
    {
        value = null;
        if (!TryReadStringHeader(out int bytes)) return false;

        ReadOnlySpan<byte> unread = _input.UnreadSpan;
        if (unread.Length < bytes) return TryJoinString(bytes, isWanted: true, out value);
        if (!Utf8.IsValid(unread[..bytes])) return false;

        value = Encoding.UTF8.GetString(unread[..bytes]);
        _input.Advance(bytes);
        return true;
    }

    /// <summary>Reads a bin as a slice of the input; it is valid as long as the input is.</summary>
    public bool TryReadBinary(out ReadOnlySequence<byte> value)
    {
        value = default;
        return TryReadBinaryHeader(out int bytes) && _input.TryReadExact(bytes, out value);
    }

    /// <summary>Reads a bin of exactly 16 bytes as a UUID in the byte order of RFC 9562 (big-endian).</summary>
    public bool TryReadUuid(out Guid value)
    {
        value = default;
        if (!TryReadBinaryHeader(out int bytes) || bytes != 16) return false;

        Span<byte> uuid = stackalloc byte[16];
        if (!_input.TryCopyTo(uuid)) return false;

        _input.Advance(16);
        value = new Guid(uuid, bigEndian: true);
        return true;
    }

    /// <summary>Reads an array's header. A count over the bytes left answers false, as each element has one byte at least.</summary>
    public bool TryReadArrayHeader(out int count)
    {
        count = 0;
        if (!_input.TryRead(out byte code)) return false;

        long declared;
        if (code is >= MessagePackCode.FixArray and < MessagePackCode.FixStr) declared = code - MessagePackCode.FixArray;
        else if (!TryReadUnsigned(code switch { MessagePackCode.Array16 => 2, MessagePackCode.Array32 => 4, _ => 0 }, out declared))
            return false;

        if (declared > _input.Remaining) return false;

        count = (int)declared;
        return true;
    }

    /// <summary>
    /// Skips one value with all that it holds: any of the format but ext and 0xc1, which answer false. It does not recurse, and judges
    /// depth, counts, lengths and UTF-8 as the reading methods do.
    /// </summary>
    /// <param name="depth">
    /// Arrays and maps that are open around the value. An array or map as the value is one deeper, and deeper than
    /// <see cref="ProtocolLimits.MaxDepth"/> answers false.
    /// </param>
    public bool TrySkip(int depth = 0)
    {
        Span<long> left = stackalloc long[ProtocolLimits.MaxDepth + 1]; // values still to skip, by depth
        int bottom = depth;
        if (depth is < 0 or > ProtocolLimits.MaxDepth) return false;

        left[depth] = 1;
        while (true)
        {
            while (left[depth] == 0)
            {
                if (depth == bottom) return true;
                depth--;
            }

            left[depth] -= SkipSmall(left[depth]);
            if (left[depth] == 0) continue;

            left[depth]--;
            if (!TrySkipOne(out long children)) return false;
            if (children < 0) continue;
            if (++depth > ProtocolLimits.MaxDepth) return false;
            left[depth] = children;
        }
    }

    /// <summary>Skips a scalar, or the header of an array or map.</summary>
    /// <param name="children">Values that follow inside; −1 for a scalar.</param>
    private bool TrySkipOne(out long children)
    {
        children = -1;
        if (!_input.TryPeek(out byte code)) return false;

        switch (code)
        {
            case <= MessagePackCode.MaxPositiveFixInt or >= MessagePackCode.MinNegativeFixInt:
            case MessagePackCode.Nil or MessagePackCode.False or MessagePackCode.True:
                _input.Advance(1);
                return true;
            case < MessagePackCode.FixArray:
            case MessagePackCode.Map16 or MessagePackCode.Map32:
                return TrySkipMapHeader(out children);
            case < MessagePackCode.FixStr:
            case MessagePackCode.Array16 or MessagePackCode.Array32:
                bool isArray = TryReadArrayHeader(out int count);
                children = count;
                return isArray;
            case < MessagePackCode.Nil:
            case MessagePackCode.Str8 or MessagePackCode.Str16 or MessagePackCode.Str32:
                return TrySkipString();
            case MessagePackCode.Bin8 or MessagePackCode.Bin16 or MessagePackCode.Bin32:
                return TryReadBinary(out _);
            case MessagePackCode.UInt8 or MessagePackCode.Int8: return TryAdvance(2);
            case MessagePackCode.UInt16 or MessagePackCode.Int16: return TryAdvance(3);
            case MessagePackCode.UInt32 or MessagePackCode.Int32 or MessagePackCode.Float32: return TryAdvance(5);
            case MessagePackCode.UInt64 or MessagePackCode.Int64 or MessagePackCode.Float64: return TryAdvance(9);
            default: return false; // ext, and 0xc1
        }
    }

    private bool TrySkipMapHeader(out long children)
    {
        children = 0;
        _input.TryRead(out byte code);
        long pairs = code - MessagePackCode.FixMap;
        if (code == MessagePackCode.Map16 && !TryReadUnsigned(2, out pairs)) return false;
        if (code == MessagePackCode.Map32 && !TryReadUnsigned(4, out pairs)) return false;

        children = pairs * 2;
        return children <= _input.Remaining;
    }

    private bool TrySkipString()
    {
        if (!TryReadStringHeader(out int bytes)) return false;
        if (_input.UnreadSpan.Length < bytes) return TryJoinString(bytes, isWanted: false, out _);

        bool isValid = Utf8.IsValid(_input.UnreadSpan[..bytes]);
        _input.Advance(bytes);
        return isValid;
    }

    /// <summary>Reads the bytes of a str that lies in several segments.</summary>
    private bool TryJoinString(int bytes, bool isWanted, out string? value)
    {
        byte[] joined = ArrayPool<byte>.Shared.Rent(bytes);
        Span<byte> copy = joined.AsSpan(0, bytes);
        bool isValid = _input.TryCopyTo(copy) && Utf8.IsValid(copy);
        value = isValid && isWanted ? Encoding.UTF8.GetString(copy) : null;
        ArrayPool<byte>.Shared.Return(joined);
        _input.Advance(bytes);
        return isValid;
    }

    private bool TryReadStringHeader(out int bytes)
    {
        bytes = 0;
        if (!_input.TryRead(out byte code)) return false;

        long declared;
        if (code is >= MessagePackCode.FixStr and < MessagePackCode.Nil) declared = code - MessagePackCode.FixStr;
        else if (!TryReadUnsigned(LengthBytes(code, MessagePackCode.Str8), out declared)) return false;

        return TryAcceptLength(declared, out bytes);
    }

    private bool TryReadBinaryHeader(out int bytes)
    {
        bytes = 0;
        return _input.TryRead(out byte code)
            && TryReadUnsigned(LengthBytes(code, MessagePackCode.Bin8), out long declared)
            && TryAcceptLength(declared, out bytes);
    }

    /// <summary>1, 2 or 4 for the three forms that start at <paramref name="first"/>; 0 for another code.</summary>
    private static int LengthBytes(byte code, byte first) => (code - first) switch { 0 => 1, 1 => 2, 2 => 4, _ => 0 };

    private readonly bool TryAcceptLength(long declared, out int bytes)
    {
        bytes = 0;
        if (declared > _input.Remaining || declared > Array.MaxLength) return false;

        bytes = (int)declared;
        return true;
    }

    /// <summary>Reads a count or length of <paramref name="width"/> bytes; a width of 0 stands for a code that has none.</summary>
    private bool TryReadUnsigned(int width, out long value)
    {
        value = 0;
        if (width == 0 || _input.Remaining < width) return false;

        for (int i = 0; i < width; i++)
        {
            _input.TryRead(out byte next);
            value = (value << 8) | next;
        }

        return true;
    }

    /// <summary>Decodes the integer in front; answers its bytes, or 0 if there is none that is whole and fits.</summary>
    private static int DecodeInteger(ReadOnlySpan<byte> bytes, out long value)
    {
        value = 0;
        if (bytes.IsEmpty) return 0;

        byte code = bytes[0];
        if (code is <= MessagePackCode.MaxPositiveFixInt or >= MessagePackCode.MinNegativeFixInt)
        {
            value = (sbyte)code;
            return 1;
        }

        if (code is < MessagePackCode.UInt8 or > MessagePackCode.Int64) return 0;

        int width = 1 << ((code - MessagePackCode.UInt8) & 3); // both rows of four forms: 1, 2, 4, 8 bytes
        if (bytes.Length <= width) return 0;

        ReadOnlySpan<byte> digits = bytes[1..];
        value = code switch
        {
            MessagePackCode.UInt8 => digits[0],
            MessagePackCode.UInt16 => BinaryPrimitives.ReadUInt16BigEndian(digits),
            MessagePackCode.UInt32 => BinaryPrimitives.ReadUInt32BigEndian(digits),
            MessagePackCode.Int8 => (sbyte)digits[0],
            MessagePackCode.Int16 => BinaryPrimitives.ReadInt16BigEndian(digits),
            MessagePackCode.Int32 => BinaryPrimitives.ReadInt32BigEndian(digits),
            _ => BinaryPrimitives.ReadInt64BigEndian(digits),
        };
        return code == MessagePackCode.UInt64 && value < 0 ? 0 : 1 + width;
    }

    /// <summary>Skips values of one byte and short texts as far as the present segment has them whole: most of what there is.</summary>
    /// <returns>Values skipped, at most <paramref name="most"/>.</returns>
    private long SkipSmall(long most)
    {
        ReadOnlySpan<byte> unread = _input.UnreadSpan;
        int at = 0;
        long skipped = 0;
        while (skipped < most && at < unread.Length)
        {
            byte code = unread[at];
            int bytes = 1;
            if (code is >= MessagePackCode.FixStr and < MessagePackCode.Nil)
            {
                bytes += code - MessagePackCode.FixStr;
                if (unread.Length - at < bytes || !Utf8.IsValid(unread.Slice(at + 1, bytes - 1))) break;
            }
            else if (code is not (<= MessagePackCode.MaxPositiveFixInt or >= MessagePackCode.MinNegativeFixInt or MessagePackCode.Nil))
            {
                break;
            }

            at += bytes;
            skipped++;
        }

        _input.Advance(at);
        return skipped;
    }

    private bool TryAdvance(int bytes)
    {
        if (_input.Remaining < bytes) return false;

        _input.Advance(bytes);
        return true;
    }
}

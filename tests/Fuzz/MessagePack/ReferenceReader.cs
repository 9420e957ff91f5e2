using System.Buffers.Binary;
using System.Text;

namespace Chat.Fuzz.MessagePack;

/// <summary>Why a value is not one that the wire takes.</summary>
internal enum Refusal : byte { None, Truncated, Reserved, Extension, TooDeep, NotUtf8 }

/// <summary>One value, whole: how many bytes it has, and what it is as far as the wire can say it.</summary>
/// <param name="Refusal">Why it is none.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Tree">null, bool, long, string, byte[] or List; only if <paramref name="IsPlain"/>.</param>
/// <param name="IsPlain">No float, map or integer over 2^63−1 in it.</param>
/// <param name="HasMap">A map in it.</param>
internal readonly record struct ReferenceValue(Refusal Refusal, int Bytes, object? Tree, bool IsPlain, bool HasMap);

/// <summary>Reads MessagePack as its specification writes it, recursively, with the wire's limits: slow, short and independent of the
// product's reader.</summary>
internal ref struct ReferenceReader(ReadOnlySpan<byte> input)
{
    private const int MaxDepth = 16;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _input = input;
    private int _at;
    private Refusal _refusal;
    private bool _isPlain = true;
    private bool _hasMap;

    public static ReferenceValue Read(ReadOnlySpan<byte> input)
    {
        ReferenceReader reader = new(input);
        object? tree = reader.Value(0);
        return new ReferenceValue(reader._refusal, reader._at, tree, reader._isPlain, reader._hasMap);
    }

    private object? Value(int depth)
    {
        if (!Has(1)) return null;
        byte code = _input[_at++];
        switch (code)
        {
            case < 0x80: return (long)code;
            case < 0x90: return Map(code & 0x0F, depth);
            case < 0xA0: return Array(code & 0x0F, depth);
            case < 0xC0: return Text(code & 0x1F);
            case 0xC0: return null;
            case 0xC1: return Refuse(Refusal.Reserved);
            case 0xC2 or 0xC3: return code == 0xC3;
            case 0xC4 or 0xC5 or 0xC6: return Has(1 << (code - 0xC4)) ? Binary(Unsigned(1 << (code - 0xC4))) : null;
            case 0xC7 or 0xC8 or 0xC9 or (>= 0xD4 and <= 0xD8): return Refuse(Refusal.Extension);
            case 0xCA: return Float(4);
            case 0xCB: return Float(8);
            case >= 0xCC and <= 0xCF: return Integer(1 << (code - 0xCC), isSigned: false);
            case >= 0xD0 and <= 0xD3: return Integer(1 << (code - 0xD0), isSigned: true);
            case 0xD9 or 0xDA or 0xDB: return Has(1 << (code - 0xD9)) ? Text(Unsigned(1 << (code - 0xD9))) : null;
            case 0xDC or 0xDD: return Has(2 << (code - 0xDC)) ? Array(Unsigned(2 << (code - 0xDC)), depth) : null;
            case 0xDE or 0xDF: return Has(2 << (code - 0xDE)) ? Map(Unsigned(2 << (code - 0xDE)), depth) : null;
            default: return (long)(sbyte)code;
        }
    }

    private object? Array(ulong count, int depth)
    {
        if (depth == MaxDepth) return Refuse(Refusal.TooDeep);
        List<object?> items = [];
        for (ulong i = 0; i < count && _refusal == Refusal.None; i++) items.Add(Value(depth + 1));
        return items;
    }

    private object? Array(int count, int depth) => Array((ulong)count, depth);

    private object? Map(ulong pairs, int depth)
    {
        (_isPlain, _hasMap) = (false, true);
        return Array(2 * pairs, depth);
    }

    private object? Map(int pairs, int depth) => Map((ulong)pairs, depth);

    private object? Text(ulong length)
    {
        if (!Has(length)) return null;
        ReadOnlySpan<byte> bytes = _input.Slice(_at, (int)length);
        _at += (int)length;
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Refuse(Refusal.NotUtf8);
        }
    }

    private object? Text(int length) => Text((ulong)length);

    private object? Binary(ulong length)
    {
        if (!Has(length)) return null;
        byte[] bytes = _input.Slice(_at, (int)length).ToArray();
        _at += (int)length;
        return bytes;
    }

    private object? Float(int width)
    {
        _isPlain = false;
        if (Has(width)) _at += width;
        return null;
    }

    private object? Integer(int width, bool isSigned)
    {
        if (!Has(width)) return null;
        ulong value = Unsigned(width);
        if (!isSigned && value > long.MaxValue) _isPlain = false;
        int unused = 64 - (8 * width);
        return isSigned ? (long)(value << unused) >> unused : (long)value;
    }

    private ulong Unsigned(int width)
    {
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        _input.Slice(_at, width).CopyTo(wide[(8 - width)..]);
        _at += width;
        return BinaryPrimitives.ReadUInt64BigEndian(wide);
    }

    private bool Has(ulong bytes)
    {
        if (_refusal == Refusal.None && bytes <= (ulong)(_input.Length - _at)) return true;
        Refuse(Refusal.Truncated);
        return false;
    }

    private bool Has(int bytes) => Has((ulong)bytes);

    private object? Refuse(Refusal why)
    {
        if (_refusal == Refusal.None) _refusal = why;
        return null;
    }
}

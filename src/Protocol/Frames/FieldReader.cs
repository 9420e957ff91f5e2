using System.Buffers;

using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Protocol.MessagePack;

namespace Chat.Protocol.Frames;

/// <summary>
/// Reads the positional fields of one body, protocol-spec.md §3. The first fault sticks: from then on every read answers a default and
/// <see cref="End"/> answers false, so a frame is read in one expression and judged once.
/// </summary>
internal ref struct FieldReader
{
    private const int FirstListCapacity = 256;

    private MessagePackReader _reader;
    private int _left; // elements of the open array not yet read
    private int _depth; // arrays open, the body's own included
    private bool _isMalformed;

    public FieldReader(ReadOnlySequence<byte> body, FrameType type, out uint requestId)
    {
        _reader = new MessagePackReader(body);
        _isMalformed = FrameHeader.TryRead(ref _reader, requestsOnly: false, out FrameHeader header) != FrameDecodeResult.Ok
            || header.Type != type;
        requestId = header.RequestId;
        _left = header.FieldCount;
        _depth = 1;
    }

    /// <summary>An id, sequence, epoch or time: 0 … 2^53−1, §1.</summary>
    public long ReadInteger()
    {
        if (Take() && _reader.TryReadInt64(out long value) && value is >= 0 and <= ProtocolLimits.MaxInteger) return value;

        _isMalformed = true;
        return 0;
    }

    public long? ReadOptionalInteger() => IsNilOrMissing() ? null : ReadInteger();

    /// <summary>A small number, 0 … 2^53−1 on the wire; what is over 2^31−1 is read as that, as every limit is far below.</summary>
    public int ReadInt32() => (int)Math.Min(ReadInteger(), int.MaxValue);

    public int? ReadOptionalInt32() => IsNilOrMissing() ? null : ReadInt32();

    /// <summary>A number of a table, 0 … <paramref name="max"/>: what the enum behind it can hold.</summary>
    public long ReadNumber(long max)
    {
        long value = ReadInteger();
        if (value <= max) return value;

        _isMalformed = true;
        return 0;
    }

    /// <summary>A kind or role, 0 … 255.</summary>
    public byte ReadByte() => (byte)ReadNumber(byte.MaxValue);

    public byte? ReadOptionalByte() => IsNilOrMissing() ? null : ReadByte();

    public bool ReadBoolean()
    {
        if (Take() && _reader.TryReadBoolean(out bool value)) return value;

        _isMalformed = true;
        return false;
    }

    public string ReadText()
    {
        if (Take() && _reader.TryReadString(out string? value)) return value;

        _isMalformed = true;
        return "";
    }

    public string? ReadOptionalText() => IsNilOrMissing() ? null : ReadText();

    public Guid ReadUuid()
    {
        if (Take() && _reader.TryReadUuid(out Guid value)) return value;

        _isMalformed = true;
        return default;
    }

    public Guid? ReadOptionalUuid() => IsNilOrMissing() ? null : ReadUuid();

    /// <summary>A structure that stands as an array.</summary>
    public T ReadElement<T>()
        where T : struct, IElement<T>
    {
        int outer = Enter();
        T element = T.Read(ref this);
        Leave(outer);
        return element;
    }

    public T? ReadOptionalElement<T>()
        where T : struct, IElement<T> => IsNilOrMissing() ? null : ReadElement<T>();

    /// <summary>A structure that few frames have.</summary>
    public T? ReadOptionalObject<T>()
        where T : class, IElement<T>
    {
        if (IsNilOrMissing()) return null;

        int outer = Enter();
        T element = T.Read(ref this);
        Leave(outer);
        return element;
    }

    /// <summary>An array of structures. All are judged, the first <paramref name="max"/> are kept.</summary>
    public T[] ReadElements<T>(int max = int.MaxValue)
        where T : struct, IElement<T>
    {
        int outer = Enter();
        int count = _left;
        T[] elements = NewList<T>(count, max);
        for (int i = 0; i < count && !_isMalformed; i++) Keep(ref elements, i, ReadElement<T>(), count, max);
        Leave(outer);
        return elements;
    }

    public T[] ReadOptionalElements<T>(int max)
        where T : struct, IElement<T> => IsNilOrMissing() ? [] : ReadElements<T>(max);

    /// <summary>An array of ids. All are judged, the first <paramref name="max"/> are kept.</summary>
    public long[] ReadIntegers(int max)
    {
        int outer = Enter();
        int count = _left;
        long[] integers = NewList<long>(count, max);
        for (int i = 0; i < count && !_isMalformed; i++) Keep(ref integers, i, ReadInteger(), count, max);
        Leave(outer);
        return integers;
    }

    public long[] ReadOptionalIntegers(int max) => IsNilOrMissing() ? [] : ReadIntegers(max);

    /// <summary>Skips unknown fields at the end, and answers whether the whole body was as it must be.</summary>
    public bool End()
    {
        SkipLeft();
        return !_isMalformed && _reader.End;
    }

    // A list without a bound starts small and grows with what is really read, so a declared count alone allocates little.
    private static T[] NewList<T>(int count, int max) =>
        count == 0 ? [] : new T[Math.Min(count, max == int.MaxValue ? FirstListCapacity : max)];

    private static void Keep<T>(ref T[] list, int index, T item, int count, int max)
    {
        if (index >= max) return;
        if (index == list.Length) Array.Resize(ref list, Math.Min(count, list.Length * 2));

        list[index] = item;
    }

    private bool Take()
    {
        if (_isMalformed || _left == 0) return false;

        _left--;
        return true;
    }

    private bool IsNilOrMissing()
    {
        if (_isMalformed || _left == 0) return true;
        if (!_reader.TryReadNil()) return false;

        _left--;
        return true;
    }

    /// <summary>Opens the array that stands as the next field; answers what is left of the one around it.</summary>
    private int Enter()
    {
        int count = 0;
        if (!Take() || !_reader.TryReadArrayHeader(out count)) _isMalformed = true;

        int outer = _left;
        _left = _isMalformed ? 0 : count;
        _depth++;
        return outer;
    }

    private void Leave(int outer)
    {
        SkipLeft();
        _depth--;
        _left = outer;
    }

    private void SkipLeft()
    {
        for (; _left > 0 && !_isMalformed; _left--)
        {
            if (!_reader.TrySkip(_depth)) _isMalformed = true;
        }
    }
}

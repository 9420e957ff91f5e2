namespace Chat.Domain.Fanout;

/// <summary>What <see cref="MessageRing.TryRead"/> found at an index.</summary>
internal enum RingRead : byte
{
    Hit,
    NotYetWritten,
    Overwritten,
}

/// <summary>One encoded push in a ring. Immutable; collected by the GC when the last reader lets go, so nothing is counted.</summary>
/// <param name="Index">Place in the ring's endless numbering, from 0. Not a sequence: ephemeral pushes take places too.</param>
/// <param name="ExceptSessionId">The session that must not get this push, or 0.</param>
/// <param name="WrittenMs">Monotonic milliseconds of the write.</param>
internal sealed record RingEntry(long Index, byte[] Frame, long ExceptSessionId, long WrittenMs);

/// <summary>Bounded tail of one chat's encoded pushes. Starts small and grows while the chat is quick (architecture decision D6).</summary>
/// <remarks>
/// One writer at a time (the chat's shard lock), any number of readers without a lock: a reader takes one reference and judges it by
/// the index inside, so a torn or stale read cannot be mistaken for a hit.
/// </remarks>
internal sealed class MessageRing
{
    public const int InitialCapacity = 16;
    public const int MaxCapacity = 1024;
    public const int MaxBytes = 1 << 20;

    /// <summary>An entry younger than this is not overwritten while the ring can still grow.</summary>
    public const int GrowthWindowMs = 2_000;

    private RingEntry?[] _entries = new RingEntry?[InitialCapacity];
    private long _tail;
    private long _start;
    private long _bytes;

    /// <summary>Index after the newest entry.</summary>
    public long Tail => Volatile.Read(ref _tail);

    /// <summary>Oldest index that may still be read.</summary>
    public long Start => Volatile.Read(ref _start);

    public int Capacity => _entries.Length;

    /// <summary>Appends one push. Caller holds the shard lock.</summary>
    /// <param name="nowMs">Monotonic milliseconds.</param>
    public void Write(byte[] frame, long exceptSessionId, long nowMs)
    {
        long index = _tail;
        if (index - _start == _entries.Length)
        {
            RingEntry oldest = _entries[(int)(_start & (_entries.Length - 1))]!;
            if (nowMs - oldest.WrittenMs < GrowthWindowMs && _entries.Length < MaxCapacity) Grow();
            else DropOldest();
        }

        RingEntry?[] entries = _entries;
        Volatile.Write(ref entries[(int)(index & (entries.Length - 1))], new RingEntry(index, frame, exceptSessionId, nowMs));
        _bytes += frame.Length;
        while (_bytes > MaxBytes && _start < index) DropOldest();
        Volatile.Write(ref _tail, index + 1);
    }

    public RingRead TryRead(long index, out RingEntry entry)
    {
        RingEntry?[] entries = Volatile.Read(ref _entries);
        RingEntry? found = Volatile.Read(ref entries[(int)(index & (entries.Length - 1))]);
        entry = found!;
        if (found is null) return index < Start ? RingRead.Overwritten : RingRead.NotYetWritten;
        if (found.Index == index) return RingRead.Hit;
        return found.Index > index ? RingRead.Overwritten : RingRead.NotYetWritten;
    }

    /// <summary>Lets go of what is in front of an index: whoever has not read it finds it overwritten. Caller holds the shard lock.</summary>
    public void ReleaseBefore(long index)
    {
        while (_start < index && _start < _tail) DropOldest();
    }

    private void DropOldest()
    {
        ref RingEntry? slot = ref _entries[(int)(_start & (_entries.Length - 1))];
        _bytes -= slot!.Frame.Length;
        Volatile.Write(ref _start, _start + 1);
        slot = null;
    }

    private void Grow()
    {
        RingEntry?[] grown = new RingEntry?[_entries.Length * 2];
        for (long index = _start; index < _tail; index++)
            grown[(int)(index & (grown.Length - 1))] = _entries[(int)(index & (_entries.Length - 1))];
        Volatile.Write(ref _entries, grown);
    }
}

namespace Chat.Domain.Fanout;

/// <summary>
/// A pump's scratch space: the bytes between two places of one ring, kept until another range is asked for, because the
/// subscriptions of a chat mostly stand at the same place and can share them (architecture decision D7).
/// </summary>
/// <remarks>Owned by one pump. The span of <see cref="Bytes"/> dies at the next gather.</remarks>
public sealed class GatherBuffer
{
    /// <summary>Most bytes of one gather: one send to one connection. A single larger frame still goes whole.</summary>
    public const int MaxBytes = 1 << 18;

    private readonly HashSet<long> _excepted = []; // sessions that must not get all of what is shared
    private Bytestring _shared = new(1 << 16);
    private Bytestring _own = new(1 << 10);
    private MessageRing? _ring;
    private long _from;
    private long _to;
    private bool _isOwn;

    public ReadOnlySpan<byte> Bytes => _isOwn ? _own.Written : _shared.Written;

    /// <summary>Fills <see cref="Bytes"/> with the frames from <paramref name="from"/> on.</summary>
    /// <param name="end">Index to stop at, exclusive.</param>
    /// <param name="to">Index after the last frame taken.</param>
    /// <returns>False when <paramref name="from"/> is no longer in the ring.</returns>
    internal bool TryGather(MessageRing ring, long from, long end, long sessionId, out long to)
    {
        _isOwn = false;
        bool isShared = _ring == ring && _from == from && _to <= end && _to > from;
        if (!isShared && !TryShare(ring, from, end))
        {
            _ring = null;
            to = from;
            return false;
        }

        to = _to;
        _isOwn = _excepted.Count > 0 && _excepted.Contains(sessionId);
        return !_isOwn || TryGatherOwn(ring, sessionId);
    }

    private bool TryShare(MessageRing ring, long from, long end)
    {
        _shared.Clear();
        _excepted.Clear();
        long at = from;
        for (; at < end; at++)
        {
            RingRead read = ring.TryRead(at, out RingEntry entry);
            if (read == RingRead.Overwritten) return false;
            if (read == RingRead.NotYetWritten || (at > from && _shared.Length + entry.Frame.Length > MaxBytes)) break;
            _shared.Append(entry.Frame);
            if (entry.ExceptSessionId != 0) _excepted.Add(entry.ExceptSessionId);
        }

        (_ring, _from, _to) = (ring, from, at);
        return true;
    }

    /// <summary>What is shared, without what this session must not get.</summary>
    private bool TryGatherOwn(MessageRing ring, long sessionId)
    {
        _own.Clear();
        for (long at = _from; at < _to; at++)
        {
            if (ring.TryRead(at, out RingEntry entry) != RingRead.Hit) return false;
            if (entry.ExceptSessionId != sessionId) _own.Append(entry.Frame);
        }

        return true;
    }

    private struct Bytestring(int capacity)
    {
        private byte[] _bytes = new byte[capacity];

        public int Length { get; private set; }

        public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

        public void Clear() => Length = 0;

        public void Append(byte[] frame)
        {
            if (Length + frame.Length > _bytes.Length)
                Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + frame.Length));
            frame.CopyTo(_bytes, Length);
            Length += frame.Length;
        }
    }
}

namespace Chat.Domain.Fanout;

/// <summary>
/// A pump's scratch space: the bytes between two places of one ring, kept until another range is asked for, because the
/// subscriptions of a chat mostly stand at the same place and can share them (architecture decision D7).
/// </summary>
/// <remarks>Owned by one pump thread. The span of <see cref="Bytes"/> dies at the next gather.</remarks>
public sealed class GatherBuffer
{
    /// <summary>Most bytes of one gather: one send to one connection. A single larger frame still goes whole.</summary>
    public const int MaxBytes = 1 << 18;

    private byte[] _bytes = new byte[1 << 16];
    private MessageRing? _ring;
    private long _from;
    private long _to;
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Fills <see cref="Bytes"/> with the frames from <paramref name="from"/> on.</summary>
    /// <param name="end">Index to stop at, exclusive.</param>
    /// <param name="to">Index after the last frame taken.</param>
    /// <returns>False when <paramref name="from"/> is no longer in the ring.</returns>
    internal bool TryGather(MessageRing ring, long from, long end, long sessionId, out long to)
    {
        bool mayDiffer = ring.LastExcept >= from;
        if (!mayDiffer && _ring == ring && _from == from && _to <= end && _to > from)
        {
            to = _to;
            return true;
        }

        _length = 0;
        to = from;
        while (to < end)
        {
            RingRead read = ring.TryRead(to, out RingEntry entry);
            if (read == RingRead.Overwritten) return Forget(false);
            if (read == RingRead.NotYetWritten) break;
            if (mayDiffer && entry.ExceptSessionId == sessionId)
            {
                to++;
                continue;
            }

            if (_length > 0 && _length + entry.Frame.Length > MaxBytes) break;
            Append(entry.Frame);
            to++;
        }

        if (mayDiffer) return Forget(true);
        (_ring, _from, _to) = (ring, from, to);
        return true;
    }

    private bool Forget(bool result)
    {
        _ring = null;
        return result;
    }

    private void Append(byte[] frame)
    {
        if (_length + frame.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + frame.Length));
        frame.CopyTo(_bytes, _length);
        _length += frame.Length;
    }
}

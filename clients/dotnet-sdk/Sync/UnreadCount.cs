using Chat.Protocol.Codes;

namespace Chat.Sdk.Sync;

/// <summary>
/// Counts the messages of one chat above a watermark, as the service does (protocol-spec.md §8.5): from what the service counted last and
/// the events that came since. Not thread-safe.
/// </summary>
internal sealed class UnreadCount
{
    /// <summary>Places that are remembered; of more, only how many there are.</summary>
    private const int MaxQuiet = 1_000;

    /// <summary>Events above <see cref="_asOf"/> that are no messages, ascending.</summary>
    private readonly List<long> _quiet = [];

    private long _asOf;
    private long _readUpTo;
    private long _quietBefore; // between _readUpTo and _asOf; where, is not known

    /// <summary>Takes what the service counted. An answer that is older than the one before says nothing new.</summary>
    public void Settle(long headSequence, long readUpTo, long unread)
    {
        if (headSequence < _asOf || (headSequence == _asOf && readUpTo < _readUpTo)) return;

        (_asOf, _readUpTo) = (headSequence, Math.Min(readUpTo, headSequence));
        _quietBefore = Math.Max(0, _asOf - _readUpTo - unread);
        _quiet.RemoveAll(sequence => sequence <= headSequence);
    }

    /// <summary>Takes the next event of the log.</summary>
    public void Take(long sequence, EventKind kind)
    {
        if (kind == EventKind.Message || sequence <= _asOf) return;

        _quiet.Add(sequence);
        if (_quiet.Count < MaxQuiet) return;

        _quietBefore += _quiet.Count;
        _asOf = sequence;
        _quiet.Clear();
    }

    /// <summary>
    /// False: the watermark lies among events of which the service only said how many there are; <paramref name="unread"/> is then the most
    /// that it can be.
    /// </summary>
    public bool TryCount(long headSequence, long readUpTo, out long unread)
    {
        if (readUpTo >= _asOf)
        {
            _quiet.RemoveAll(sequence => sequence <= readUpTo); // a watermark does not go back
            (_asOf, _readUpTo, _quietBefore) = (readUpTo, readUpTo, 0);
        }

        long before = _asOf - readUpTo;
        bool isKnown = before == 0 || _quietBefore == 0 || readUpTo <= _readUpTo;
        if (isKnown) before -= _quietBefore;
        else before = Math.Min(before, _asOf - _readUpTo - _quietBefore);

        unread = Math.Max(0, before + headSequence - _asOf - _quiet.Count);
        return isKnown;
    }
}

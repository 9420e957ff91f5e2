namespace Chat.Domain.Fanout;

/// <summary>Bytes that the early events of all chats of a node may hold together. Thread-safe.</summary>
internal sealed class EarlyEventBudget
{
    /// <summary>More than a second of what a busy cluster publishes; what does not fit is read from the database in its turn.</summary>
    public const long MaxBytes = 32 << 20;

    private long _bytes;

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= MaxBytes) return true;
        Return(bytes);
        return false;
    }

    public void Return(int bytes) => Interlocked.Add(ref _bytes, -bytes);
}

/// <summary>
/// Events of one chat that came before those in front of them, kept aside until these are here. Caller holds the chat's shard lock.
/// </summary>
internal sealed class EarlyEvents(EarlyEventBudget budget)
{
    public const int MaxEvents = 256;
    public const int MaxBytes = 256 << 10;

    private readonly SortedDictionary<long, SequencedPush> _bySequence = [];
    private int _bytes;

    public int Count => _bySequence.Count;

    /// <summary>The lowest sequence that is here. Only while there is one.</summary>
    public long First => _bySequence.First().Key;

    /// <returns>False when there is no room: the event must be read from the database in its turn.</returns>
    public bool TryKeep(in SequencedPush push)
    {
        if (_bySequence.ContainsKey(push.Sequence)) return true;
        int bytes = push.HeldBytes;
        if (_bySequence.Count == MaxEvents || _bytes + bytes > MaxBytes || !budget.TryTake(bytes)) return false;
        _bytes += bytes;
        _bySequence.Add(push.Sequence, push.Detached());
        return true;
    }

    public SequencedPush TakeFirst()
    {
        (long sequence, SequencedPush push) = _bySequence.First();
        Forget(sequence, push);
        return push;
    }

    /// <summary>Drops what lies above a sequence.</summary>
    public void DropAbove(long sequence)
    {
        while (_bySequence.Count > 0 && _bySequence.Last() is var (last, push) && last > sequence) Forget(last, push);
    }

    private void Forget(long sequence, in SequencedPush push)
    {
        _bySequence.Remove(sequence);
        _bytes -= push.HeldBytes;
        budget.Return(push.HeldBytes);
    }
}

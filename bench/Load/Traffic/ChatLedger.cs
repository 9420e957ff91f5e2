namespace Chat.Load.Traffic;

/// <summary>
/// What each member of one chat must have seen, and has. Sequences are dense from the head at the start on, and every event is one of
/// ours: so each connection must see each number once, ascending, and with the same message. Engine thread only.
/// </summary>
/// <param name="members">How many there are; each is its place among them.</param>
/// <param name="head">The chat's head before the first message.</param>
internal sealed class ChatLedger(int members, long head)
{
    private const int FirstMessages = 1_024;

    private readonly long[] _last = Enumerable.Repeat(head, members).ToArray();
    private readonly SortedSet<long>?[] _missing = new SortedSet<long>?[members];
    private readonly List<long> _acked = new(FirstMessages);
    private long[] _messageAt = new long[FirstMessages]; // by sequence − head − 1: the message's number + 1; 0 is not known yet

    public long Duplicated { get; private set; }

    public long OutOfOrder { get; private set; }

    /// <summary>Counts another message at a sequence than was told before; texts are the caller's to judge.</summary>
    public long Corrupted { get; set; }

    /// <summary>The last sequence that the member has seen.</summary>
    public long Last(int member) => _last[member];

    /// <summary>Takes a delivery. False: the member had it already.</summary>
    public bool Deliver(int member, long sequence, long message)
    {
        ref long last = ref _last[member];
        if (sequence == last + 1)
        {
            last = sequence;
        }
        else if (sequence > last)
        {
            SortedSet<long> missing = _missing[member] ??= [];
            for (long skipped = last + 1; skipped < sequence; skipped++) missing.Add(skipped);
            last = sequence;
        }
        else if (_missing[member]?.Remove(sequence) == true)
        {
            OutOfOrder++;
        }
        else
        {
            Duplicated++;
            return false;
        }

        Match(sequence, message);
        return true;
    }

    public void Ack(long sequence, long message)
    {
        _acked.Add(sequence);
        Match(sequence, message);
    }

    /// <summary>Pairs of an acked message and a member who has not got it.</summary>
    public long CountLost()
    {
        long lost = 0;
        for (int member = 0; member < _last.Length; member++)
        {
            SortedSet<long>? missing = _missing[member];
            foreach (long sequence in _acked)
                if (sequence > _last[member] || missing?.Contains(sequence) == true) lost++;
        }

        return lost;
    }

    /// <summary>One sequence is one message, whoever tells.</summary>
    private void Match(long sequence, long message)
    {
        long at = sequence - head - 1;
        if (at < 0 || at > int.MaxValue / sizeof(long))
        {
            Corrupted++;
            return;
        }

        if (at >= _messageAt.Length) Array.Resize(ref _messageAt, (int)Math.Max(at + 1, _messageAt.Length * 2L));
        ref long known = ref _messageAt[at];
        if (known == 0) known = message + 1;
        else if (known != message + 1) Corrupted++;
    }
}

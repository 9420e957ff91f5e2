namespace Chat.Load.Scenarios;

/// <summary>
/// What each member of one group must have seen, and has. Sequences are dense from the head at the start on, and every event is one of
/// ours: so each connection must see each number once, ascending, and with the same message. Caller holds the group's gate.
/// </summary>
internal sealed class GroupLedger(int members)
{
    private readonly long[] _last = new long[members];
    private readonly SortedSet<long>?[] _missing = new SortedSet<long>?[members];
    private readonly List<long> _numberAt = []; // sequence − head at the start − 1 → message number; −1 not seen
    private readonly List<long> _acked = [];
    private long _start = -1;

    public long Duplicated { get; private set; }

    public long OutOfOrder { get; private set; }

    public long Corrupted { get; set; }

    /// <summary>The last sequence up to which the member has seen everything it saw.</summary>
    public long Last(int member) => _last[member];

    public void StartAt(int member, long head)
    {
        if (_start < 0) _start = head;
        _last[member] = head;
        if (head != _start) Corrupted++;
    }

    /// <summary>Takes a delivery. False: the member had it already.</summary>
    public bool Deliver(int member, long sequence, long number)
    {
        if (sequence == _last[member] + 1)
        {
            _last[member] = sequence;
        }
        else if (sequence > _last[member])
        {
            SortedSet<long> missing = _missing[member] ??= [];
            for (long skipped = _last[member] + 1; skipped < sequence; skipped++) missing.Add(skipped);
            _last[member] = sequence;
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

        Match(sequence, number);
        return true;
    }

    public void Ack(long sequence, long number)
    {
        _acked.Add(sequence);
        Match(sequence, number);
    }

    /// <summary>Pairs of an acked message and a member who has not got it.</summary>
    public long CountLost()
    {
        long lost = 0;
        foreach (long sequence in _acked)
            for (int member = 0; member < _last.Length; member++)
                if (sequence > _last[member] || _missing[member]?.Contains(sequence) == true) lost++;
        return lost;
    }

    /// <summary>One sequence is one message, whoever tells.</summary>
    private void Match(long sequence, long number)
    {
        int at = (int)(sequence - _start - 1);
        if (at < 0)
        {
            Corrupted++;
            return;
        }

        while (_numberAt.Count <= at) _numberAt.Add(-1);
        if (_numberAt[at] < 0) _numberAt[at] = number;
        else if (_numberAt[at] != number) Corrupted++;
    }
}

namespace Chat.Chaos.Checker;

/// <summary>A chat at the end, for look-ups: what stands at a sequence, and who may see it.</summary>
internal sealed class FinalLog
{
    private readonly Dictionary<long, FinalMember[]> _intervals;
    private readonly FinalEvent[] _bySeq;
    private readonly IReadOnlySet<long> _staff;

    public FinalLog(FinalChat chat, IReadOnlySet<long> staff)
    {
        (Chat, _staff) = (chat, staff);
        long last = chat.Events.Count == 0 ? 0 : chat.Events.Max(row => row.Seq);
        _bySeq = new FinalEvent[last + 1];
        foreach (FinalEvent row in chat.Events)
            if (row.Seq > 0) _bySeq[row.Seq] = row;
        _intervals = chat.Members.GroupBy(member => member.User)
            .ToDictionary(member => member.Key, member => member.OrderBy(interval => interval.From).ToArray());
    }

    public FinalChat Chat { get; }

    public long Last => _bySeq.Length - 1;

    public IReadOnlyCollection<long> Users => _intervals.Keys;

    public bool TryGet(long seq, out FinalEvent row)
    {
        row = seq > 0 && seq < _bySeq.Length ? _bySeq[seq] : default;
        return row.Seq != 0;
    }

    public ReadOnlySpan<FinalMember> IntervalsOf(long user) => _intervals.GetValueOrDefault(user);

    public bool MayBeSeenBy(long user, long seq)
    {
        if (TryGet(seq, out FinalEvent row) && row.Visibility != 0 && !_staff.Contains(user)) return false;
        foreach (FinalMember interval in IntervalsOf(user))
            if (seq >= interval.From && seq <= (interval.To ?? long.MaxValue)) return true;
        return false;
    }

    /// <summary>The first event above <paramref name="after"/> and below <paramref name="before"/> that the user may see, or 0.</summary>
    public long FirstVisible(long user, long after, long before)
    {
        foreach (FinalMember interval in IntervalsOf(user))
        {
            long to = Math.Min(Math.Min(interval.To ?? long.MaxValue, before - 1), Last);
            for (long seq = Math.Max(after + 1, interval.From); seq <= to; seq++)
                if (TryGet(seq, out _) && MayBeSeenBy(user, seq)) return seq;
        }

        return 0;
    }

    /// <summary>Events between the two, both included, that the user may see.</summary>
    public int CountVisible(long user, long from, long to)
    {
        int count = 0;
        foreach (FinalMember interval in IntervalsOf(user))
        {
            long end = Math.Min(Math.Min(interval.To ?? long.MaxValue, to), Last);
            for (long seq = Math.Max(from, interval.From); seq <= end; seq++)
                if (TryGet(seq, out FinalEvent row) && (row.Visibility == 0 || _staff.Contains(user))) count++;
        }

        return count;
    }

    /// <summary>The last event that the user may ever see, or 0.</summary>
    public long LastVisible(long user)
    {
        ReadOnlySpan<FinalMember> intervals = IntervalsOf(user);
        return intervals.Length == 0 ? 0 : Math.Min(intervals[^1].To ?? Last, Last);
    }

    public bool IsMemberAtEnd(long user)
    {
        foreach (FinalMember interval in IntervalsOf(user))
            if (interval.To is null) return true;
        return false;
    }
}

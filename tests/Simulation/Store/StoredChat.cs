using Chat.Storage;

namespace Chat.Simulation.Store;

/// <summary>A chat's rows: what is committed, and who waits for its lock.</summary>
internal sealed class StoredChat(long id, short kind, long epoch)
{
    private readonly Dictionary<(long SenderId, Guid Id), EventRow> _byClientId = [];

    public long Id => id;

    public short Kind => kind;

    public long Epoch { get; private set; } = epoch;

    /// <summary>Row n − 1 is sequence n. Committed ones only.</summary>
    public List<EventRow> Events { get; private set; } = [];

    public List<Interval> Members { get; private set; } = [];

    public long Head => Events.Count;

    /// <summary>The sequence object that a careless design would number from; unused unless that defect is planted.</summary>
    public long CarelessNumber { get; set; }

    public bool IsLocked { get; set; }

    public Queue<TaskCompletionSource<bool>> Waiting { get; } = new();

    public EventRow? FindByClientId(long senderId, Guid clientId) => _byClientId.GetValueOrDefault((senderId, clientId));

    public void Commit(EventRow row)
    {
        Events.Add(row);
        if (row.ClientMessageId is { } clientId) _byClientId[(row.SenderId, clientId)] = row;
    }

    public bool IsMember(long principalId)
    {
        foreach (Interval interval in Members)
            if (interval.PrincipalId == principalId && interval.Left is null) return true;
        return false;
    }

    /// <summary>Whether the principal may ever see this event.</summary>
    public bool MaySee(long principalId, long sequence)
    {
        foreach (Interval interval in Members)
            if (interval.PrincipalId == principalId && interval.Holds(sequence)) return true;
        return false;
    }

    /// <summary>Newest sequence that the principal may see; −1 when it never was here.</summary>
    public long VisibleHead(long principalId)
    {
        long head = -1;
        foreach (Interval interval in Members)
            if (interval.PrincipalId == principalId) head = Math.Max(head, interval.Left ?? Head);
        return head;
    }

    public Interval? Current(long principalId)
    {
        foreach (Interval interval in Members)
            if (interval.PrincipalId == principalId && interval.Left is null) return interval;
        return null;
    }

    /// <summary>The state of an older backup, under another epoch. What came after it never was.</summary>
    public void Restore(long head, long newEpoch)
    {
        Events = Events[..(int)head];
        Epoch = newEpoch;
        Members = [.. Members.Where(interval => interval.Joined <= Math.Max(1, head)).Select(interval => interval with
        {
            Left = interval.Left > head ? null : interval.Left,
        })];
        foreach ((long, Guid) gone in _byClientId.Where(entry => entry.Value.Sequence > head).Select(entry => entry.Key).ToArray())
            _byClientId.Remove(gone);
    }
}

/// <summary>One membership, both ends included; <paramref name="Left"/> is null while it lasts.</summary>
internal sealed record Interval(long PrincipalId, short Role, long Joined, long? Left)
{
    public bool Holds(long sequence) => sequence >= Joined && sequence <= (Left ?? long.MaxValue);
}

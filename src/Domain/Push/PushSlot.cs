namespace Chat.Domain.Push;

/// <summary>The place of one device and topic in the queue: at most one notification is on its way, and one waits behind it. Not thread-safe.</summary>
/// <param name="number">In the order of their making.</param>
internal sealed class PushSlot(PushLane lane, PushJob job, long number)
{
    /// <summary>By when they are due.</summary>
    public static readonly Comparer<PushSlot> ByDue = Comparer<PushSlot>.Create((one, other) =>
        one.Due == other.Due ? one.Number.CompareTo(other.Number) : Nullable.Compare(one.Due, other.Due));

    public PushLane Lane { get; set; } = lane;

    public (long DeviceId, string Topic) Key { get; } = job.Key;

    public long PrincipalId { get; } = job.Target.PrincipalId;

    /// <summary>Of all of one topic the same.</summary>
    public bool IsUrgent { get; } = job.Notice.IsUrgent;

    public long Number { get; } = number;

    /// <summary>What waits: for its turn, until it is due, or for the end of what is on its way.</summary>
    public PushJob? Job { get; set; } = job;

    public bool IsRunning { get; set; }

    /// <summary>What is on its way holds one of the places of hosts that do not answer.</summary>
    public bool IsUnheard { get; set; }

    /// <summary>Until when it is put off; null when it is not.</summary>
    public DateTimeOffset? Due { get; set; }

    /// <summary>Where it waits for its turn; null when it does not.</summary>
    public LinkedListNode<PushSlot>? Turn { get; set; }
}

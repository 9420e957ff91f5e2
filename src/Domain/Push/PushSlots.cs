using System.Diagnostics.CodeAnalysis;

namespace Chat.Domain.Push;

/// <summary>
/// All that waits, is put off or is on its way: of a device and topic one on its way, and the newest behind it. What comes of one person, of hosts that
/// do not answer, and what is put off are bounded each for themselves, so that nobody takes the room of others. Not thread-safe: the queue's gate is
/// held around every call.
/// </summary>
internal sealed class PushSlots(IEnumerable<IPushTransport> transports, TimeProvider time)
{
    public const int MaxOfPerson = 100;
    public const int MaxPutOff = 5_000;

    private const int MaxWaiting = 10_000;
    private const int MaxUnheard = 5_000;

    private readonly IPushTransport[] _transports = [.. transports];
    private readonly PushLanes _lanes = new(time);
    private readonly Dictionary<(long DeviceId, string Topic), PushSlot> _slots = [];
    private readonly Dictionary<long, HashSet<PushSlot>> _people = [];
    private readonly SortedSet<PushSlot> _later = new(PushSlot.ByDue);
    private long _made;

    public int Running => _lanes.Running;

    public int WaitingHeard => _lanes.WaitingHeard;

    public int WaitingUnheard => _lanes.WaitingUnheard;

    public void Add(PushJob job)
    {
        if (_slots.TryGetValue(job.Key, out PushSlot? slot))
        {
            if (slot.Job is null) PushMetrics.Waiting.Add(1);
            else PushMetrics.Count("replaced");
            slot.Job = slot.Job is { } older ? job.InPlaceOf(older) : job;
            return;
        }

        if (Array.Find(_transports, one => (short)one.Kind == job.Target.Transport) is not { } transport || !HasRoom(job.Target.PrincipalId))
        {
            PushMetrics.Count("dropped"); // too many of the person's wait, or the transport was on when the device subscribed
            return;
        }

        slot = new PushSlot(_lanes.Get(transport.LaneOf(job.Target), transport), job, ++_made);
        _slots.Add(slot.Key, slot);
        if (!_people.TryGetValue(slot.PrincipalId, out HashSet<PushSlot>? own)) _people[slot.PrincipalId] = own = [];
        own.Add(slot);
        PushMetrics.Waiting.Add(1);
        Enter(slot);
    }

    /// <summary>Lets all take turns that were put off until now.</summary>
    public void Resume(DateTimeOffset now)
    {
        while (_later.Min is { } first && first.Due <= now)
        {
            _later.Remove(first);
            first.Due = null;
            Enter(first);
        }
    }

    public bool TryStart([NotNullWhen(true)] out PushSlot? slot, [NotNullWhen(true)] out PushJob? job)
    {
        slot = _lanes.TryStart();
        job = slot?.Job;
        if (slot is null || job is null) return false;
        PushMetrics.Waiting.Add(-1);
        (slot.Job, slot.IsRunning) = (null, true);
        return true;
    }

    /// <summary>What was on its way is not any more.</summary>
    /// <param name="isHeard">Whether the host answered; null when it was not asked.</param>
    /// <param name="again">What is to be tried again; a newer one takes its place.</param>
    /// <param name="due">When.</param>
    public void End(PushSlot slot, bool? isHeard, PushJob? again, DateTimeOffset? due)
    {
        slot.IsRunning = false;
        _lanes.End(slot, isHeard);
        if (again is not null)
        {
            if (slot.Job is null) PushMetrics.Waiting.Add(1);
            slot.Job = slot.Job is { } newer ? newer.InPlaceOf(again) : again;
        }

        if (slot.Job is not { } next)
        {
            Forget(slot);
        }
        else if (again is null || due is not { } later)
        {
            Enter(slot);
        }
        else if (later >= next.WorthUntil)
        {
            Drop(slot, "expired");
        }
        else
        {
            slot.Due = later;
            _later.Add(slot);
            if (_later.Count > MaxPutOff) Drop(_later.Max!);
        }
    }

    private void Enter(PushSlot slot)
    {
        _lanes.Add(slot);
        if (_lanes.WaitingUnheard > MaxUnheard) Drop(_lanes.FindOldest(isHeard: false)!);
        if (_lanes.WaitingHeard > MaxWaiting) Drop(_lanes.FindOldest(isHeard: true)!);
    }

    /// <summary>Whether one more of the person's may wait: for it goes what comes last of what is put off, or else what waits for a host that does not answer.</summary>
    private bool HasRoom(long principalId)
    {
        if (!_people.TryGetValue(principalId, out HashSet<PushSlot>? own) || own.Count < MaxOfPerson) return true;
        PushSlot? least = own.MaxBy(slot => slot.Due);
        if (least?.Due is null) least = own.FirstOrDefault(slot => slot is { Turn: not null, IsUrgent: false, Lane.Counted: not PushTrust.Heard });
        if (least is not null) Drop(least);
        return least is not null;
    }

    private void Drop(PushSlot slot, string outcome = "dropped")
    {
        PushMetrics.Count(outcome);
        PushMetrics.Waiting.Add(-1);
        if (slot.Turn is not null) _lanes.Remove(slot);
        if (slot.Due is not null) _later.Remove(slot);
        slot.Job = null;
        Forget(slot);
    }

    private void Forget(PushSlot slot)
    {
        _slots.Remove(slot.Key);
        HashSet<PushSlot> own = _people[slot.PrincipalId];
        own.Remove(slot);
        if (own.Count == 0) _people.Remove(slot.PrincipalId);
    }
}

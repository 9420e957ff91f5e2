namespace Chat.Domain.Push;

/// <summary>What waits for one host.</summary>
internal sealed class PushLane(string name, PushHosts.Host host, IPushTransport transport)
{
    public string Name { get; } = name;

    public PushHosts.Host Host { get; } = host;

    public IPushTransport Transport { get; } = transport;

    /// <summary>Those that wait, the usual and the urgent ones.</summary>
    public LinkedList<PushSlot>[] Waiting { get; } = [new(), new()];

    /// <summary>Its place among the lanes that take turns, with the usual and with the urgent ones; null when it has none.</summary>
    public LinkedListNode<PushLane>?[] Turns { get; } = new LinkedListNode<PushLane>?[2];

    public int Running { get; set; }

    /// <summary>As what it is counted.</summary>
    public PushTrust Counted { get; set; } = host.Trust;

    public int Count => Waiting[0].Count + Waiting[1].Count;
}

/// <summary>
/// Says whose turn it is: the urgent before the usual ones, hosts that answer before others, and among equals one after another. Those that do not
/// answer, or were not asked yet, share some of the places. Not thread-safe: the queue's gate is held around every call.
/// </summary>
internal sealed class PushLanes(TimeProvider time)
{
    private const int MostAtOnce = 64;
    private const int MostUnheard = 16;

    private static readonly PushTrust[] Order = [PushTrust.Heard, PushTrust.New, PushTrust.Silent];

    private readonly PushHosts _hosts = new(time);
    private readonly Dictionary<string, PushLane> _lanes = new(StringComparer.Ordinal);

    /// <summary>Lanes with something that may go, by urgency and trust.</summary>
    private readonly LinkedList<PushLane>[][] _turns = [[new(), new(), new()], [new(), new(), new()]];

    private readonly int[] _waiting = new int[3];
    private int _unheard; // on their way to hosts that do not answer as far as is known

    public int Running { get; private set; }

    /// <summary>How many wait for hosts that answer.</summary>
    public int WaitingHeard => _waiting[(int)PushTrust.Heard];

    /// <summary>How many wait for other hosts.</summary>
    public int WaitingUnheard => _waiting[(int)PushTrust.New] + _waiting[(int)PushTrust.Silent];

    public PushLane Get(string name, IPushTransport transport)
    {
        if (!_lanes.TryGetValue(name, out PushLane? lane)) _lanes[name] = lane = new PushLane(name, _hosts.Get(name), transport);
        return lane;
    }

    public void Add(PushSlot slot)
    {
        slot.Lane = Get(slot.Lane.Name, slot.Lane.Transport); // a lane with nothing in it was left
        slot.Turn = slot.Lane.Waiting[slot.IsUrgent ? 1 : 0].AddLast(slot);
        _waiting[(int)slot.Lane.Counted]++;
        Place(slot.Lane);
    }

    /// <summary>It waits no more.</summary>
    public void Remove(PushSlot slot)
    {
        slot.Turn!.List!.Remove(slot.Turn);
        slot.Turn = null;
        _waiting[(int)slot.Lane.Counted]--;
        Place(slot.Lane);
        Leave(slot.Lane);
    }

    /// <summary>The next one, which is on its way then.</summary>
    public PushSlot? TryStart()
    {
        if (Running >= MostAtOnce) return null;
        for (int urgency = 1; urgency >= 0; urgency--)
        {
            foreach (PushTrust trust in Order)
            {
                if (trust != PushTrust.Heard && _unheard >= MostUnheard) break;
                if (TryStart(urgency, trust) is { } slot) return slot;
            }
        }

        return null;
    }

    /// <param name="isHeard">Whether the host answered; null when it was not asked.</param>
    public void End(PushSlot slot, bool? isHeard)
    {
        Running--;
        PushLane lane = slot.Lane;
        lane.Running--;
        if (slot.IsUnheard) _unheard--;
        if (isHeard is { } heard) lane.Host.Note(heard);
        Place(lane);
        Leave(lane);
    }

    /// <summary>The oldest of the hosts for which most waits, the usual before the urgent ones. A walk over the hosts, for when there is too much anyway.</summary>
    public PushSlot? FindOldest(bool isHeard)
    {
        PushLane? longest = _lanes.Values.Where(lane => lane.Count > 0 && lane.Counted == PushTrust.Heard == isHeard).MaxBy(lane => lane.Count);
        return (longest?.Waiting[0].First ?? longest?.Waiting[1].First)?.Value;
    }

    private PushSlot? TryStart(int urgency, PushTrust trust)
    {
        LinkedList<PushLane> turns = _turns[urgency][(int)trust];
        while (turns.First is { Value: PushLane lane })
        {
            if (lane.Host.Trust != trust)
            {
                Place(lane); // its silence was long ago
                continue;
            }

            PushSlot slot = lane.Waiting[urgency].First!.Value;
            lane.Running++;
            Running++;
            slot.IsUnheard = trust != PushTrust.Heard;
            if (slot.IsUnheard) _unheard++;
            turns.RemoveFirst();
            lane.Turns[urgency] = null;
            Remove(slot);
            return slot;
        }

        return null;
    }

    /// <summary>Counts the lane as what it is now, and lets it take turns if it has something that may go.</summary>
    private void Place(PushLane lane)
    {
        PushTrust trust = lane.Host.Trust;
        _waiting[(int)lane.Counted] -= lane.Count;
        _waiting[(int)trust] += lane.Count;
        lane.Counted = trust;
        for (int urgency = 0; urgency < lane.Turns.Length; urgency++)
        {
            LinkedList<PushLane> turns = _turns[urgency][(int)trust];
            bool mayGo = lane.Running < lane.Host.Most && lane.Waiting[urgency].Count > 0;
            if (lane.Turns[urgency] is { List: { } held } turn && (!mayGo || held != turns))
            {
                held.Remove(turn);
                lane.Turns[urgency] = null;
            }

            if (mayGo) lane.Turns[urgency] ??= turns.AddLast(lane);
        }
    }

    private void Leave(PushLane lane)
    {
        if (lane is { Running: 0, Count: 0 }) _lanes.Remove(lane.Name);
    }
}

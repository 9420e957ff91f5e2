using System.Diagnostics.CodeAnalysis;

namespace Chat.Domain.Push;

/// <summary>
/// What waits for each host, and how many of each are on their way: hosts take turns. One from which nothing is heard gets one at a time until it
/// answers. Not thread-safe: the queue's gate is held around every call.
/// </summary>
internal sealed class PushLanes
{
    private const int MostAtOnce = 64;
    private const int MostOfHost = 8;

    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Queue<Lane> _turns = new(); // each lane with something waiting, once

    public int Running { get; private set; }

    public int Waiting { get; private set; }

    public void Add(string host, IPushTransport transport, PushJob job)
    {
        if (!_lanes.TryGetValue(host, out Lane? lane)) _lanes[host] = lane = new Lane(host, transport);
        lane.Jobs.Enqueue(job);
        Waiting++;
        if (lane.Jobs.Count == 1) _turns.Enqueue(lane);
    }

    public bool TryStart([NotNullWhen(true)] out Lane? lane, [NotNullWhen(true)] out PushJob? job)
    {
        (lane, job) = (null, null);
        if (Running >= MostAtOnce) return false;
        for (int left = _turns.Count; left > 0; left--)
        {
            Lane next = _turns.Dequeue();
            if (next.Running >= next.Most)
            {
                _turns.Enqueue(next);
                continue;
            }

            (lane, job) = (next, next.Jobs.Dequeue());
            if (next.Jobs.Count > 0) _turns.Enqueue(next);
            Waiting--;
            Running++;
            next.Running++;
            return true;
        }

        return false;
    }

    /// <param name="isHeard">The host said something.</param>
    public void End(Lane lane, bool isHeard)
    {
        Running--;
        lane.Running--;
        lane.Most = isHeard ? MostOfHost : 1;
        if (lane.Running == 0 && lane.Jobs.Count == 0) _lanes.Remove(lane.Host);
    }

    /// <summary>Drops the oldest of the host for which most is waiting. A walk over the hosts, for when there is too much anyway.</summary>
    public bool TryDropOldest()
    {
        if (_turns.MaxBy(lane => lane.Jobs.Count) is not { } longest) return false;
        longest.Jobs.Dequeue();
        Waiting--;
        if (longest.Jobs.Count > 0) return true;

        for (int left = _turns.Count; left > 0; left--)
        {
            Lane lane = _turns.Dequeue();
            if (lane != longest) _turns.Enqueue(lane);
        }

        if (longest.Running == 0) _lanes.Remove(longest.Host);
        return true;
    }

    /// <summary>One host.</summary>
    internal sealed class Lane(string host, IPushTransport transport)
    {
        public string Host { get; } = host;

        public IPushTransport Transport { get; } = transport;

        public Queue<PushJob> Jobs { get; } = new();

        public int Running { get; set; }

        public int Most { get; set; } = MostOfHost;
    }
}

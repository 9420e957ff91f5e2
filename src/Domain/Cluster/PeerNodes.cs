using System.Collections.Concurrent;
using Chat.Domain.Fanout;

namespace Chat.Domain.Cluster;

/// <summary>
/// The other nodes as they are heard through the broker. One that runs and is not heard is cut off from it and still commits: nobody is
/// told of its events, though this node's own connection is healthy, so heads are polled as if it were not. One whose name is free in the
/// database has ended, as a rule: it commits nothing more, so heads are read once.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class PeerNodes(NodeIdentity self, TimeProvider time)
{
    /// <summary>Announcements come every second; two may be lost.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(3.5);

    /// <summary>
    /// A node that the database has just named is starting, as a rule, and commits nothing before it announces itself: with each start every
    /// other node would read all its heads every two seconds for as long as that takes.
    /// </summary>
    public static readonly TimeSpan Starting = TimeSpan.FromSeconds(15);

    /// <summary>A broker full of nonsense must not fill the memory.</summary>
    private const int MaxPeers = 1_000;

    private readonly ConcurrentDictionary<long, long> _lastHeard = new();

    // The poller's only:
    private readonly HashSet<long> _settled = []; // ended, and heads were read since
    private Dictionary<long, bool> _running = []; // by the database's last answer; whether they hold their names

    internal void Heard(long incarnation)
    {
        if (_lastHeard.Count < MaxPeers || _lastHeard.ContainsKey(incarnation)) _lastHeard[incarnation] = time.GetTimestamp();
    }

    internal void Left(long incarnation) => _lastHeard.TryRemove(incarnation, out _);

    /// <summary>
    /// Takes what the database knows: who runs is expected to be heard from now on; who does not is not waited for, once heads were read.
    /// </summary>
    /// <param name="running">The nodes that have shown signs of life to the database.</param>
    internal void Reconcile(IReadOnlyList<RunningNode> running)
    {
        long expected = time.GetTimestamp() + (long)((Starting - Silence).TotalSeconds * time.TimestampFrequency);
        _running = running.ToDictionary(node => node.Incarnation, node => node.HoldsName);
        foreach (long incarnation in _running.Keys)
            if (incarnation != self.Incarnation) _lastHeard.TryAdd(incarnation, expected);
        foreach ((long incarnation, long heard) in _lastHeard)
            if (IsSilent(heard) && !_running.ContainsKey(incarnation) && _settled.Contains(incarnation)) _lastHeard.TryRemove(new(incarnation, heard));
        _settled.RemoveWhere(incarnation => !HasEnded(incarnation) || !_lastHeard.ContainsKey(incarnation));
    }

    /// <summary>Whether a node that is not heard may have committed what nobody here was told of. After <see cref="Reconcile"/>.</summary>
    internal bool MayHaveCommitted() => _lastHeard.Any(peer => IsSilent(peer.Value) && !_settled.Contains(peer.Key));

    /// <summary>Heads were read since <see cref="Reconcile"/>: what those had committed that had ended by then is known.</summary>
    internal void Settle()
    {
        foreach ((long incarnation, long heard) in _lastHeard)
        {
            if (!IsSilent(heard) || !HasEnded(incarnation)) continue;
            if (_running.ContainsKey(incarnation)) _settled.Add(incarnation); // it may yet take its name again
            else _lastHeard.TryRemove(new(incarnation, heard));
        }
    }

    /// <summary>How many nodes should be heard and are not.</summary>
    internal int CountSilent() => Count(isSilent: true);

    /// <summary>How many nodes are heard, or are about to be.</summary>
    internal int CountHeard() => Count(isSilent: false);

    /// <summary>The nodes that are heard, by incarnation.</summary>
    internal List<long> ListHeard() => [.. _lastHeard.Where(peer => !IsSilent(peer.Value)).Select(peer => peer.Key)];

    private int Count(bool isSilent)
    {
        int count = 0;
        foreach ((_, long heard) in _lastHeard)
            if (IsSilent(heard) == isSilent) count++;
        return count;
    }

    private bool HasEnded(long incarnation) => !_running.GetValueOrDefault(incarnation);

    private bool IsSilent(long heard) => time.GetElapsedTime(heard) > Silence;
}

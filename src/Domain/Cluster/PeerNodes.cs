using System.Collections.Concurrent;

namespace Chat.Domain.Cluster;

/// <summary>
/// The other nodes as they were heard lately. One that falls silent without a farewell may be dead, or it may be cut off from the broker
/// and still commit: nobody hears its events then, though this node's own connection is healthy, so heads are polled as if it were not.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class PeerNodes(TimeProvider time)
{
    /// <summary>Announcements come every second; two may be lost.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(3.5);

    /// <summary>A node that was silent for so long is taken for dead.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    /// <summary>A broker full of nonsense must not fill the memory.</summary>
    private const int MaxPeers = 1_000;

    private readonly ConcurrentDictionary<long, long> _lastHeard = new();

    internal void Heard(long incarnation)
    {
        if (_lastHeard.Count < MaxPeers || _lastHeard.ContainsKey(incarnation)) _lastHeard[incarnation] = time.GetTimestamp();
    }

    internal void Left(long incarnation) => _lastHeard.TryRemove(incarnation, out _);

    /// <summary>How many nodes have fallen silent and may still be committing.</summary>
    internal int CountSilent()
    {
        int silent = 0;
        foreach ((long incarnation, long heard) in _lastHeard)
        {
            TimeSpan since = time.GetElapsedTime(heard);
            if (since > Forgotten) _lastHeard.TryRemove(new(incarnation, heard));
            else if (since > Silence) silent++;
        }

        return silent;
    }
}

using System.Threading.Channels;
using Chat.Domain.Cluster;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Presence;

/// <summary>
/// Hears who is online on other nodes. A publication is believed at once; one that is missing, or a broker that was away, makes the node's
/// whole list be read again. A node whose list has ended, and that has not been heard lately either, is dead. Thread-safe.
/// </summary>
internal sealed class PresenceFollower
{
    /// <summary>How often is looked for nodes that came or died.</summary>
    public static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(5);

    /// <summary>A living node is heard more often than this; one whose list is gone may just be about to write it anew.</summary>
    private static readonly TimeSpan Patience = PresenceAnnouncer.RenewPeriod * 2;

    private readonly IBroker _broker;
    private readonly IPresenceLeases _leases;
    private readonly PresenceRegistry _registry;
    private readonly NodeIdentity _self;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeIdentity, FollowedNode> _nodes = [];
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _lookIsDue;

    public PresenceFollower(
        IBroker broker, IPresenceLeases leases, PresenceRegistry registry, NodeIdentity self, (TimeProvider Time, ILogger Log) process)
    {
        (_broker, _leases, _registry, _self) = (broker, leases, registry, self);
        (_time, _log) = process;
    }

    /// <summary>Takes a publication of another node, or nonsense.</summary>
    public void OnPublication(ReadOnlySpan<byte> payload)
    {
        if (PresencePublication.Read(payload) is not { } said || said.Node == _self)
        {
            PresenceMetrics.Ignored.Add(1);
            return;
        }

        lock (_gate)
        {
            FollowedNode node = GetOrAdd(said.Node);
            node.HeardAt = _time.GetTimestamp();
            bool isNext = said.Number == node.Number + (said.Changes.Count > 0 ? 1 : 0);
            if (!isNext && said.Changes.Count > 0 && said.Number <= node.Number) return; // said before
            if (!isNext) node.MustBeRead = true;
            node.Number = said.Number;
            if (said.Changes.Count > 0)
            {
                if (node.SaidSinceRead is { } since)
                {
                    foreach (PresenceChange change in said.Changes) since[change.PrincipalId] = change.Online;
                }

                _registry.ApplyRemote(said.Node, said.Changes);
            }

            if (!node.MustBeRead) return;
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>The broker passes publications on again; what was said meanwhile was missed.</summary>
    public void OnHealthy()
    {
        lock (_gate)
        {
            foreach (FollowedNode node in _nodes.Values)
            {
                node.MustBeRead = true;
                node.HeardAt = _time.GetTimestamp(); // it could not be heard: its silence so far says nothing
            }
        }

        Remind();
    }

    public async Task RunAsync(CancellationToken ct)
    {
        await using ITimer timer = _time.CreateTimer(_ => Remind(), null, LookPeriod, LookPeriod);
        while (await _signal.Reader.WaitToReadAsync(ct))
        {
            _signal.Reader.TryRead(out _);
            if (_broker.Health != BrokerHealth.Healthy) continue; // the last known state stays
            try
            {
                if (_lookIsDue)
                {
                    _lookIsDue = false;
                    await LookForNodesAsync(ct);
                }

                foreach (NodeIdentity node in NodesToRead()) await ReadAsync(node, ct);
            }
            catch (PresenceLeasesException fault)
            {
                PresenceLog.ListNotRead(_log, fault); // the next look tries again
            }
        }
    }

    private void Remind()
    {
        _lookIsDue = true;
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Learns of nodes that have not been heard, and drops the dead.</summary>
    private async Task LookForNodesAsync(CancellationToken ct)
    {
        List<NodeIdentity> ended = [];
        HashSet<NodeIdentity> present = [.. await _leases.ReadNodesAsync(ended, ct)];
        lock (_gate)
        {
            foreach (NodeIdentity node in present)
            {
                if (node != _self) GetOrAdd(node);
            }

            foreach ((NodeIdentity node, FollowedNode followed) in _nodes)
            {
                if (present.Contains(node))
                {
                    followed.HadEnded = false;
                    continue;
                }

                followed.HadEnded |= ended.Contains(node);
                if (_time.GetElapsedTime(followed.HeardAt) < Patience) continue;
                _nodes.Remove(node);
                PresenceLog.NodeGone(_log, node.Id);
                _registry.ReplaceRemote(node, [], storeLastSeen: followed.HadEnded);
            }
        }
    }

    private List<NodeIdentity> NodesToRead()
    {
        lock (_gate) return [.. _nodes.Where(entry => entry.Value.MustBeRead).Select(entry => entry.Key)];
    }

    private async Task ReadAsync(NodeIdentity identity, CancellationToken ct)
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue(identity, out FollowedNode? node)) return;
            node.SaidSinceRead = [];
            node.MustBeRead = false;
        }

        bool read = false;
        try
        {
            IReadOnlyList<long>? list = await _leases.ReadAsync(identity, ct);
            read = true;
            PresenceMetrics.ListsRead.Add(1);
            if (list is not null) Take(identity, list); // without a list it is about to write one, or dead
        }
        finally
        {
            lock (_gate)
            {
                if (_nodes.TryGetValue(identity, out FollowedNode? node))
                {
                    node.SaidSinceRead = null;
                    node.MustBeRead |= !read;
                }
            }
        }
    }

    /// <summary>What was said while the list was read is newer than the list, or the same.</summary>
    private void Take(NodeIdentity identity, IReadOnlyList<long> list)
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue(identity, out FollowedNode? node)) return;
            HashSet<long> online = [.. list];
            foreach ((long principalId, bool isOnline) in node.SaidSinceRead!)
            {
                if (isOnline) online.Add(principalId);
                else online.Remove(principalId);
            }

            _registry.ReplaceRemote(identity, online, storeLastSeen: false);
        }
    }

    /// <summary>The caller holds the gate.</summary>
    private FollowedNode GetOrAdd(NodeIdentity identity)
    {
        if (!_nodes.TryGetValue(identity, out FollowedNode? node))
        {
            _nodes[identity] = node = new FollowedNode { HeardAt = _time.GetTimestamp() };
            _signal.Writer.TryWrite(true);
        }

        return node;
    }

    private sealed class FollowedNode
    {
        /// <summary>Of its last publication.</summary>
        public long Number { get; set; }

        public long HeardAt { get; set; }

        public bool MustBeRead { get; set; } = true;

        /// <summary>
        /// This node was the one that found its list ended, and so is the one that stores when its principals were last seen.
        /// </summary>
        public bool HadEnded { get; set; }

        /// <summary>What was said since the reading of the list began; null while none is read.</summary>
        public Dictionary<long, bool>? SaidSinceRead { get; set; }
    }
}

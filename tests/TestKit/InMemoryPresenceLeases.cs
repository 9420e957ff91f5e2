using Chat.Domain.Cluster;
using Chat.Domain.Presence;

namespace Chat.TestKit;

/// <summary>Lists of who is online in this process, with leases on the test's clock. Thread-safe.</summary>
public sealed class InMemoryPresenceLeases(TimeProvider time) : IPresenceLeases
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeIdentity, (HashSet<long> Principals, DateTimeOffset Ends)> _lists = [];
    private readonly HashSet<NodeIdentity> _nodes = [];

    /// <summary>Called when a list is read, before the answer is given.</summary>
    public Func<NodeIdentity, Task>? OnRead { get; set; }

    /// <summary>True: every call fails, as it does when what holds the lists is away.</summary>
    public bool IsAway { get; set; }

    /// <summary>How often it was asked which nodes there are.</summary>
    public int Looks { get; private set; }

    /// <summary>How long the list of a node still lasts; zero without one.</summary>
    public TimeSpan Remaining(NodeIdentity node)
    {
        lock (_gate) return Find(node) is null ? TimeSpan.Zero : _lists[node].Ends - time.GetUtcNow();
    }

    /// <summary>Who is on the list of a node; empty without one.</summary>
    public long[] List(NodeIdentity node)
    {
        lock (_gate) return [.. Find(node) ?? []];
    }

    /// <summary>What a restart without a disk does.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _lists.Clear();
            _nodes.Clear();
        }
    }

    public Task ReplaceAsync(NodeIdentity node, IReadOnlyList<long> principalIds, TimeSpan lease, CancellationToken ct)
    {
        lock (_gate)
        {
            Judge();
            _lists[node] = ([.. principalIds], time.GetUtcNow() + lease);
            _nodes.Add(node);
            return Task.CompletedTask;
        }
    }

    public Task<bool> ChangeAsync(
        NodeIdentity node, IReadOnlyList<long> online, IReadOnlyList<long> offline, TimeSpan lease, CancellationToken ct)
    {
        lock (_gate)
        {
            Judge();
            if (Find(node) is not { } principals) return Task.FromResult(false);
            principals.UnionWith(online);
            principals.ExceptWith(offline);
            _lists[node] = (principals, time.GetUtcNow() + lease);
            return Task.FromResult(true);
        }
    }

    public Task<bool> RenewAsync(NodeIdentity node, TimeSpan lease, CancellationToken ct)
    {
        lock (_gate)
        {
            Judge();
            _nodes.Add(node);
            if (Find(node) is not { } principals) return Task.FromResult(false);
            _lists[node] = (principals, time.GetUtcNow() + lease);
            return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<NodeIdentity>> ReadNodesAsync(List<NodeIdentity> ended, CancellationToken ct)
    {
        lock (_gate)
        {
            Judge();
            Looks++;
            ended.AddRange(_nodes.Where(node => Find(node) is null));
            _nodes.ExceptWith(ended);
            return Task.FromResult<IReadOnlyList<NodeIdentity>>([.. _nodes]);
        }
    }

    public async Task<IReadOnlyList<long>?> ReadAsync(NodeIdentity node, CancellationToken ct)
    {
        IReadOnlyList<long>? read;
        lock (_gate)
        {
            Judge();
            read = Find(node) is { } principals ? [.. principals] : null;
        }

        if (OnRead is { } pause) await pause(node);
        return read;
    }

    private HashSet<long>? Find(NodeIdentity node) =>
        _lists.TryGetValue(node, out (HashSet<long> Principals, DateTimeOffset Ends) list) && list.Ends > time.GetUtcNow()
            ? list.Principals
            : null;

    private void Judge()
    {
        if (IsAway) throw new PresenceLeasesException("The lists are away.");
    }
}

using System.Runtime.InteropServices;
using Chat.Domain.Cluster;

namespace Chat.Domain.Presence;

/// <summary>
/// Who is online on other nodes, as far as they have said. Not thread-safe: the registry's gate is held around every call.
/// </summary>
internal sealed class RemotePresence
{
    private readonly Dictionary<NodeIdentity, HashSet<long>> _byNode = [];
    private readonly Dictionary<long, int> _nodesOf = [];

    /// <summary>Principals online on at least one other node.</summary>
    public int Count => _nodesOf.Count;

    public bool IsOnline(long principalId) => _nodesOf.Count > 0 && _nodesOf.ContainsKey(principalId);

    /// <summary>A node says that a principal is there, or no longer.</summary>
    /// <returns>True when that changes whether the principal is online anywhere else.</returns>
    public bool Set(NodeIdentity node, long principalId, bool online)
    {
        if (!_byNode.TryGetValue(node, out HashSet<long>? there))
        {
            if (!online) return false;
            _byNode[node] = there = [];
        }

        if (online) return there.Add(principalId) && ++CollectionsMarshal.GetValueRefOrAddDefault(_nodesOf, principalId, out _) == 1;
        if (!there.Remove(principalId) || --CollectionsMarshal.GetValueRefOrNullRef(_nodesOf, principalId) > 0) return false;
        _nodesOf.Remove(principalId);
        return true;
    }

    /// <summary>What must be set so that exactly <paramref name="principalIds"/> are online on the node.</summary>
    public List<(long PrincipalId, bool Online)> Differences(NodeIdentity node, HashSet<long> principalIds)
    {
        List<(long, bool)> differences = [];
        if (!_byNode.TryGetValue(node, out HashSet<long>? there)) there = [];
        foreach (long id in principalIds)
        {
            if (!there.Contains(id)) differences.Add((id, true));
        }

        foreach (long id in there)
        {
            if (!principalIds.Contains(id)) differences.Add((id, false));
        }

        return differences;
    }

    /// <summary>Forgets a node that has nobody left.</summary>
    public void Forget(NodeIdentity node) => _byNode.Remove(node);
}

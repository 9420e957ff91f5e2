using Chat.Domain.Cluster;

namespace Chat.Domain.Presence;

/// <summary>
/// Who is online on each node, kept outside of the nodes: one list for each, which ends by itself when its node no longer renews it. What
/// is here outlives a lost publication, never the truth of the node itself, which writes its list anew when that is gone. Thread-safe.
/// </summary>
/// <remarks>Every call ends within seconds and throws <see cref="PresenceLeasesException"/> when the lists cannot be reached.</remarks>
public interface IPresenceLeases
{
    /// <summary>Makes the list of a node, or makes it anew.</summary>
    /// <param name="lease">From now; the list is gone after it unless renewed.</param>
    Task ReplaceAsync(NodeIdentity node, IReadOnlyList<long> principalIds, TimeSpan lease, CancellationToken ct);

    /// <summary>Changes the list of a node and renews it.</summary>
    /// <returns>False when there was no list: it must be made anew, nothing is known of it.</returns>
    Task<bool> ChangeAsync(
        NodeIdentity node, IReadOnlyList<long> online, IReadOnlyList<long> offline, TimeSpan lease, CancellationToken ct);

    /// <summary>Keeps a list alive, or gives it a last time to live.</summary>
    /// <returns>False when there was no list.</returns>
    Task<bool> RenewAsync(NodeIdentity node, TimeSpan lease, CancellationToken ct);

    /// <summary>The nodes that have a list. Those whose list has ended are forgotten by the call.</summary>
    /// <param name="ended">Gets the nodes that this call made forgotten, and no other call ever will.</param>
    Task<IReadOnlyList<NodeIdentity>> ReadNodesAsync(List<NodeIdentity> ended, CancellationToken ct);

    /// <summary>The list of a node; null when there is none.</summary>
    Task<IReadOnlyList<long>?> ReadAsync(NodeIdentity node, CancellationToken ct);
}

/// <summary>The lists of who is online cannot be reached now. What was known stays as it was.</summary>
public sealed class PresenceLeasesException(string message, Exception? inner = null) : Exception(message, inner);

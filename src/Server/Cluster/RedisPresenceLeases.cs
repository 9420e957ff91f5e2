using System.Globalization;
using Chat.Domain.Cluster;
using Chat.Domain.Presence;
using StackExchange.Redis;

namespace Chat.Server.Cluster;

/// <summary>
/// The lists of who is online, on Redis: for each node a set <c>prefix</c> + <c>presence:list:ID:INCARNATION</c> of principals with the
/// lease as its time to live, and one set <c>presence:nodes</c> of the nodes that have one. A set and its lease end together, so nothing is
/// left of a node that died; Redis 7 cannot let single fields of a hash end. One key a command, so that a Redis Cluster can spread them.
/// Thread-safe.
/// </summary>
internal sealed class RedisPresenceLeases(RedisBroker broker, ClusterPrefix prefix) : IPresenceLeases
{
    /// <summary>A set cannot be empty: every list holds this, which is no principal, and one that does not was not made whole.</summary>
    private const long Mark = 0;

    /// <summary>Holds the place of a list that is being made, so that it has its lease from the first moment.</summary>
    private const string Begun = "begun";

    private const int MembersPerCommand = 1000;

    /// <summary>The client library gives asynchronous calls no time-out of its own.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Task ReplaceAsync(NodeIdentity node, IReadOnlyList<long> principalIds, TimeSpan lease, CancellationToken ct) => RunAsync(
        async keys =>
        {
            // Step by step instead of in a transaction, which a Redis Cluster refuses while the client does not know where the key is.
            RedisKey list = ListOf(node);
            await keys.KeyDeleteAsync(list);
            await keys.SetAddAsync(list, Begun);
            await keys.KeyExpireAsync(list, lease);
            await Task.WhenAll(Members(principalIds).Select(members => keys.SetAddAsync(list, members)));
            await keys.SetAddAsync(list, Mark); // last: until now whoever reads finds no list
            return await keys.SetAddAsync(Nodes(), NameOf(node));
        },
        ct);

    public Task<bool> ChangeAsync(
        NodeIdentity node, IReadOnlyList<long> online, IReadOnlyList<long> offline, TimeSpan lease, CancellationToken ct) => RunAsync(
        async keys =>
        {
            RedisKey list = ListOf(node);
            List<Task> steps = []; // sent in one go, carried out in this order
            foreach (RedisValue[] members in Members(online)) steps.Add(keys.SetAddAsync(list, members));
            foreach (RedisValue[] members in Members(offline)) steps.Add(keys.SetRemoveAsync(list, members));
            steps.Add(keys.KeyExpireAsync(list, lease));
            Task<bool> whole = keys.SetContainsAsync(list, Mark);
            await Task.WhenAll(steps);
            return await whole;
        },
        ct);

    public Task<bool> RenewAsync(NodeIdentity node, TimeSpan lease, CancellationToken ct) => RunAsync(
        async keys =>
        {
            Task<bool> renewed = keys.KeyExpireAsync(ListOf(node), lease);
            Task<bool> whole = keys.SetContainsAsync(ListOf(node), Mark);
            await keys.SetAddAsync(Nodes(), NameOf(node)); // again: another node may have forgotten it just when the list was made
            return await renewed && await whole;
        },
        ct);

    public Task<IReadOnlyList<NodeIdentity>> ReadNodesAsync(
        List<NodeIdentity> ended, CancellationToken ct) => RunAsync<IReadOnlyList<NodeIdentity>>(
        async keys =>
        {
            List<(RedisValue Name, NodeIdentity Node, Task<bool> Exists)> asked = [];
            foreach (RedisValue name in await keys.SetMembersAsync(Nodes()))
            {
                if (TryReadName(name, out NodeIdentity? node)) asked.Add((name, node, keys.KeyExistsAsync(ListOf(node))));
                else await keys.SetRemoveAsync(Nodes(), name); // no node of ours
            }

            List<NodeIdentity> present = [];
            foreach ((RedisValue name, NodeIdentity node, Task<bool> exists) in asked)
            {
                if (await exists) present.Add(node);
                else if (await keys.SetRemoveAsync(Nodes(), name)) ended.Add(node);
            }

            return present;
        },
        ct);

    public Task<IReadOnlyList<long>?> ReadAsync(NodeIdentity node, CancellationToken ct) => RunAsync<IReadOnlyList<long>?>(
        async keys =>
        {
            RedisValue[] members = await keys.SetMembersAsync(ListOf(node));
            List<long> principalIds = new(members.Length);
            bool whole = false;
            foreach (RedisValue member in members)
            {
                if (!long.TryParse((string?)member, NumberStyles.None, CultureInfo.InvariantCulture, out long id)) continue; // not ours
                if (id == Mark) whole = true;
                else principalIds.Add(id);
            }

            return whole ? principalIds : null;
        },
        ct);

    private static IEnumerable<RedisValue[]> Members(IReadOnlyList<long> principalIds)
    {
        for (int from = 0; from < principalIds.Count; from += MembersPerCommand)
        {
            RedisValue[] members = new RedisValue[Math.Min(MembersPerCommand, principalIds.Count - from)];
            for (int i = 0; i < members.Length; i++) members[i] = principalIds[from + i];
            yield return members;
        }
    }

    private static string NameOf(NodeIdentity node) => string.Create(CultureInfo.InvariantCulture, $"{node.Id}:{node.Incarnation}");

    private static bool TryReadName(RedisValue name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out NodeIdentity? node)
    {
        node = null;
        string[] parts = ((string?)name ?? "").Split(':');
        if (parts.Length != 2 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long incarnation))
            return false;
        node = new NodeIdentity(parts[0], incarnation);
        return true;
    }

    private RedisKey Nodes() => prefix.Value + "presence:nodes";

    private RedisKey ListOf(NodeIdentity node) => prefix.Value + "presence:list:" + NameOf(node);

    private async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken ct)
    {
        if (broker.Keys is not { } keys) throw new PresenceLeasesException("Redis cannot be used at the moment.");
        try
        {
            return await ask(keys).WaitAsync(Patience, ct);
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException or ObjectDisposedException
            || (fault is OperationCanceledException && !ct.IsCancellationRequested)) // the link was closed meanwhile
        {
            throw new PresenceLeasesException($"Redis did not do what was asked: {fault.Message}", fault);
        }
    }
}

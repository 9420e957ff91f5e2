using Chat.Storage;
using Chat.Storage.Chats;
using Chat.Storage.Messages;
using Chat.Storage.Nodes;

namespace Chat.Domain.Fanout;

/// <summary>What a node reads of the truth when it was not told, or does not believe what it was told. Thread-safe.</summary>
public interface IRepairReads
{
    /// <summary>The events of a chat between two sequences, both included, ascending.</summary>
    Task<IReadOnlyList<EventRow>> ReadRangeAsync(long chatId, long first, long last, CancellationToken ct);

    /// <summary>The chat's highest sequence; 0 if there is no such chat.</summary>
    Task<long> ReadHeadAsync(long chatId, CancellationToken ct);

    /// <summary>Those of the chats whose log goes further than is said here, with their heads.</summary>
    Task<IReadOnlyList<ChatHead>> ReadAheadAsync(IReadOnlyList<ChatHead> known, CancellationToken ct);

    /// <summary>
    /// How far chats go, once no transaction that has a number of theirs is still open: waits for those, for 2 s at most. A chat that does
    /// not exist is left out.
    /// </summary>
    Task<IReadOnlyList<ChatHead>> ReadSettledHeadsAsync(IReadOnlyList<long> chatIds, CancellationToken ct);

    /// <summary>Those of the chats that the principal is in now.</summary>
    Task<IReadOnlyList<JoinedChat>> ReadJoinedAsync(long principalId, IReadOnlyList<long> chatIds, CancellationToken ct);

    /// <summary>The nodes that run on this database, as far as it can tell.</summary>
    Task<IReadOnlyList<RunningNode>> ReadRunningNodesAsync(CancellationToken ct);
}

/// <summary>A node that has shown a sign of life to the database.</summary>
/// <param name="HoldsName">False: its process is gone, or lost its connection and will take the name again.</param>
public readonly record struct RunningNode(long Incarnation, bool HoldsName);

/// <summary>The truth, from PostgreSQL.</summary>
public sealed class RepairReads(EventStore events, HeadStore heads, NodeStore nodes) : IRepairReads
{
    public Task<IReadOnlyList<EventRow>> ReadRangeAsync(long chatId, long first, long last, CancellationToken ct) =>
        events.ReadRangeAsync(chatId, first, last, ct);

    public Task<long> ReadHeadAsync(long chatId, CancellationToken ct) => heads.ReadHeadAsync(chatId, ct);

    public Task<IReadOnlyList<ChatHead>> ReadAheadAsync(IReadOnlyList<ChatHead> known, CancellationToken ct) =>
        heads.ReadAheadAsync(known, ct);

    public Task<IReadOnlyList<ChatHead>> ReadSettledHeadsAsync(IReadOnlyList<long> chatIds, CancellationToken ct) =>
        heads.ReadSettledAsync(chatIds, ct);

    public Task<IReadOnlyList<JoinedChat>> ReadJoinedAsync(long principalId, IReadOnlyList<long> chatIds, CancellationToken ct) =>
        heads.ReadJoinedAsync(principalId, chatIds, ct);

    public async Task<IReadOnlyList<RunningNode>> ReadRunningNodesAsync(CancellationToken ct) =>
        [.. (await nodes.ListAsync(ct)).Where(node => node.IsRunning).Select(node => new RunningNode(node.Incarnation, node.HoldsName))];
}

using System.Collections.Concurrent;
using Chat.Domain.Fanout;
using Chat.Storage;
using Chat.Storage.Chats;

namespace Chat.Domain.Tests.Fanout;

/// <summary>The truth of a cluster's tests, in memory: what was committed, and who is in which chat by that. Thread-safe.</summary>
internal sealed class MemoryLog : IRepairReads
{
    private readonly ConcurrentDictionary<long, ConcurrentQueue<EventRow>> _byChat = new();
    private int _headReads;
    private int _rangeReads;
    private int _nodeReads;
    private int _settledReads;

    /// <summary>How often heads were asked for.</summary>
    public int HeadReads => Volatile.Read(ref _headReads);

    /// <summary>How often it was asked how far chats go whose commit is in doubt.</summary>
    public int SettledReads => Volatile.Read(ref _settledReads);

    public int RangeReads => Volatile.Read(ref _rangeReads);

    public int NodeReads => Volatile.Read(ref _nodeReads);

    /// <summary>The nodes that the database takes for running.</summary>
    public IReadOnlyList<RunningNode> RunningNodes { get; set; } = [];

    /// <summary>Runs with each reading of heads, before it is answered.</summary>
    public Action? OnHeadRead { get; set; }

    /// <summary>Every read fails while this is set.</summary>
    public volatile bool IsDown;

    public void Commit(params EventRow[] rows)
    {
        foreach (EventRow row in rows) _byChat.GetOrAdd(row.ChatId, static _ => new ConcurrentQueue<EventRow>()).Enqueue(row);
    }

    public Task<IReadOnlyList<EventRow>> ReadRangeAsync(long chatId, long first, long last, CancellationToken ct)
    {
        Interlocked.Increment(ref _rangeReads);
        return Answer<IReadOnlyList<EventRow>>([.. Of(chatId).Where(row => row.Sequence >= first && row.Sequence <= last)]);
    }

    public Task<long> ReadHeadAsync(long chatId, CancellationToken ct) => Answer(Head(chatId));

    public Task<IReadOnlyList<ChatHead>> ReadAheadAsync(IReadOnlyList<ChatHead> known, CancellationToken ct)
    {
        Interlocked.Increment(ref _headReads);
        OnHeadRead?.Invoke();
        return Answer<IReadOnlyList<ChatHead>>(
            [.. known.Where(chat => Head(chat.ChatId) > chat.Sequence).Select(chat => new ChatHead(chat.ChatId, Head(chat.ChatId)))]);
    }

    public Task<IReadOnlyList<ChatHead>> ReadSettledHeadsAsync(IReadOnlyList<long> chatIds, CancellationToken ct)
    {
        Interlocked.Increment(ref _settledReads);
        return Answer<IReadOnlyList<ChatHead>>([.. chatIds.Select(chatId => new ChatHead(chatId, Head(chatId)))]);
    }

    public Task<IReadOnlyList<JoinedChat>> ReadJoinedAsync(long principalId, IReadOnlyList<long> chatIds, CancellationToken ct)
    {
        List<JoinedChat> joined = [];
        foreach (long chatId in chatIds)
        {
            long joinedAt = 0;
            foreach (EventRow row in Of(chatId).Where(row => row.SubjectId == principalId))
            {
                if (row.Kind == EventKinds.MemberAdded) joinedAt = row.Sequence;
                else if (row.Kind is EventKinds.MemberRemoved or EventKinds.MemberLeft) joinedAt = 0;
            }

            if (joinedAt > 0) joined.Add(new JoinedChat(chatId, joinedAt, Head(chatId)));
        }

        return Answer<IReadOnlyList<JoinedChat>>(joined);
    }

    public Task<IReadOnlyList<RunningNode>> ReadRunningNodesAsync(CancellationToken ct)
    {
        Interlocked.Increment(ref _nodeReads);
        return Answer(RunningNodes);
    }

    private long Head(long chatId) => Of(chatId).Select(row => row.Sequence).DefaultIfEmpty(0).Max();

    private IEnumerable<EventRow> Of(long chatId) =>
        _byChat.TryGetValue(chatId, out ConcurrentQueue<EventRow>? rows) ? rows.OrderBy(row => row.Sequence) : [];

    private Task<T> Answer<T>(T value) => IsDown ? Task.FromException<T>(new TimeoutException("The log is down.")) : Task.FromResult(value);
}

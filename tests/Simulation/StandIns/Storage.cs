// Stand-ins of the storage classes that speak SQL: the same names and promises, over the simulated store.
using Chat.Simulation.Store;
using Npgsql;
using PendingAppend = Chat.Storage.Pending<Chat.Storage.ChatLog.NewEvent, Chat.Storage.ChatLog.AppendOutcome>;

namespace Chat.Storage.ChatLog
{
    /// <summary>
    /// Runs a batch as one transaction of the simulated store; what may go wrong with it goes wrong there and on the way.
    /// </summary>
    internal sealed class AppendConnection : IAsyncDisposable
    {
        private readonly StoreLink _link;
        private readonly PlainGuess _guess = new();

        private AppendConnection(StoreLink link) => _link = link;

        public static async Task<AppendConnection> OpenAsync(NpgsqlDataSource source, CancellationToken ct)
        {
            await source.Link.OpenAsync(ct);
            return new AppendConnection(source.Link);
        }

        /// <summary>Turns are about speed, of which the simulation knows nothing.</summary>
        public TimeSpan LockedAfter => TimeSpan.FromTicks(-1);

        public int Chats => 0;

        public Task TakeTurnAsync() => Task.CompletedTask;

        public Task EndTurnAsync() => Task.CompletedTask;

        public async Task ExecuteAsync(IReadOnlyList<PendingAppend> items, bool mayBeStored, List<EventRow> committed, TimeSpan timeout)
        {
            NewEvent[] events = [.. items.Select(item => item.Request)];
            List<Guid> ids = [.. events.Select(e => e.ClientMessageId)];
            IReadOnlyList<Appended>? outcomes = null;
            if (!mayBeStored && _guess.IsPlain(ids))
            {
                outcomes = await _link.AppendAsync(events, plain: true, timeout);
                if (outcomes is null) _guess.Failed();
                else _guess.Succeeded();
            }

            outcomes ??= (await _link.AppendAsync(events, plain: false, timeout))!;
            for (int i = 0; i < items.Count; i++)
            {
                items[i].Outcome = outcomes[i].Outcome;
                if (outcomes[i].Told is { } row) committed.Add(row);
            }

            committed.Sort(static (x, y) => x.ChatId != y.ChatId ? x.ChatId.CompareTo(y.ChatId) : x.Sequence.CompareTo(y.Sequence));
            _guess.Remember(ids);
        }

        public ValueTask DisposeAsync() => default;
    }
}

namespace Chat.Storage.Messages
{
    public sealed class EventStore(NpgsqlDataSource source)
    {
        public Task<HistoryPage?> ReadAsync(
            long chatId, long principalId, long? after, long? before, int limit, int maxTextBytes, CancellationToken ct)
        {
            _ = maxTextBytes;
            return source.Link.ReadAsync(store => store.ReadPage(chatId, principalId, after, before, limit), ct);
        }

        public Task<IReadOnlyList<EventRow>> ReadRangeAsync(long chatId, long from, long to, CancellationToken ct) =>
            source.Link.ReadAsync(store => store.ReadRange(chatId, from, to), ct);

        public Task<bool> IsStoredAsync(long chatId, long senderId, Guid clientMessageId, CancellationToken ct) =>
            throw new NotSupportedException($"{senderId} links to a page in {chatId} with {clientMessageId} ({ct.CanBeCanceled}, {source}).");
    }
}

namespace Chat.Storage.Accounts
{
    public sealed class SessionStore(NpgsqlDataSource source)
    {
        public Task<IReadOnlyList<SessionSeed?>> ReadAsync(IReadOnlyList<SessionKey> keys, CancellationToken ct) =>
            source.Link.ReadAsync(IReadOnlyList<SessionSeed?> (store) => [.. keys.Select(key => store.ReadSeed(key.PrincipalId))], ct);

        public Task<IReadOnlyList<PositionHead>> ReadHeadsAsync(long principalId, IReadOnlyList<long> chatIds, CancellationToken ct) =>
            source.Link.ReadAsync(store => store.ReadHeads(principalId, chatIds), ct);
    }
}

namespace Chat.Storage.Chats
{
    public readonly record struct ChatHead(long ChatId, long Sequence);

    public readonly record struct JoinedChat(long ChatId, long JoinedAtSequence, long HeadSequence, bool IsSilent = false);

    public sealed class HeadStore(NpgsqlDataSource source)
    {
        public Task<IReadOnlyList<ChatHead>> ReadAheadAsync(IReadOnlyList<ChatHead> known, CancellationToken ct) =>
            source.Link.ReadAsync(store => store.ReadAhead(known), ct);

        public Task<long> ReadHeadAsync(long chatId, CancellationToken ct) => source.Link.ReadAsync(store => store.ReadHead(chatId), ct);

        public Task<IReadOnlyList<ChatHead>> ReadSettledAsync(IReadOnlyList<long> chatIds, CancellationToken ct) =>
            source.Link.ReadSettledAsync(chatIds, ct);

        public Task<IReadOnlyList<JoinedChat>> ReadJoinedAsync(long principalId, IReadOnlyList<long> chatIds, CancellationToken ct) =>
            source.Link.ReadAsync(store => store.ReadJoined(principalId, chatIds), ct);
    }
}

namespace Chat.Storage.Nodes
{
    public readonly record struct NodeRow(long Incarnation, bool IsRunning, bool HoldsName);

    /// <summary>Who runs, as far as the database knows.</summary>
    public sealed class NodeStore(NpgsqlDataSource source)
    {
        public Task<IReadOnlyList<NodeRow>> ListAsync(CancellationToken ct) => source.Link.ReadAsync(store => store.ReadNodes(), ct);
    }
}

namespace Chat.Storage.Receipts
{
    /// <summary>Receipts are ephemeral watermarks and not simulated.</summary>
    public sealed class ReceiptWriter
    {
        public void RaiseOwn(long chatId, long senderId, long sequence) => _ = (chatId, senderId, sequence);
    }
}

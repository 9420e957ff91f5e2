using Chat.Storage.Chats;
using Dapper;
using Npgsql;

namespace Chat.Storage.Search;

/// <summary>
/// Brings texts into the index, a bounded step at a time: the rows of the chats are claimed, and what was indexed is committed with how far
/// that is, so that a node that dies loses nothing and none does the same twice (ADR 0023). Thread-safe.
/// </summary>
/// <param name="words">What a text is found by.</param>
public sealed class SearchIndexStore(NpgsqlDataSource source, Func<IndexedText, IReadOnlyCollection<string>> words)
{
    /// <summary>Tries of an event that cannot be indexed, a minute after the first and then twice as long each time: a week.</summary>
    public const int MaxTries = 13;

    /// <summary>Rows that a step writes, shared by its chats; of each chat one event at least, however many words it has.</summary>
    private const int MaxRows = 20_000;

    private const int OldChats = 20;

    /// <summary>New events of one chat in one step: what few chats have may be long.</summary>
    private const int MaxOfAChat = 200;

    /// <summary>Indexes what is new in these chats, as far as one step goes.</summary>
    /// <param name="noted">The first sequence of each that is known to be new.</param>
    /// <param name="maxEvents">Most events of the step.</param>
    public async Task<IndexedStep> IndexNewsAsync(IReadOnlyList<ChatHead> noted, int maxEvents, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        // Committed by itself: another node that enters the same chats does not wait for this one's step.
        await connection.ExecuteAsync(new CommandDefinition(SearchIndexSql.Enter, Keys(noted, 0), cancellationToken: ct));
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        Step step = new(connection, transaction, words, ct);
        long[] chats = [.. noted.Select(chat => chat.ChatId)];
        List<ChatHead> claimed = await step.QueryAsync<ChatHead>(SearchIndexSql.Claim, new { chats });
        int limit = Math.Clamp(maxEvents / Math.Max(1, claimed.Count), 1, MaxOfAChat);
        List<IndexedEvent> events = await step.QueryAsync<IndexedEvent>(SearchIndexSql.ReadNews, Keys(claimed, limit));
        ILookup<long, IndexedEvent> read = events.ToLookup(e => e.ChatId);
        List<IndexedEvent> done = await step.CountInAsync(events, claimed.Count);
        List<IGrouping<long, IndexedEvent>> byChat = [.. done.GroupBy(e => e.ChatId)];
        await step.ExecuteAsync(
            SearchIndexSql.Advance,
            new { chats = byChat.Select(chat => chat.Key).ToArray(), sequences = byChat.Select(chat => chat.Last().Sequence).ToArray() });
        await transaction.CommitAsync(ct);
        return new IndexedStep(
            [.. byChat.Where(chat => read[chat.Key].Count() == limit || chat.Count() < read[chat.Key].Count()).Select(chat => chat.Key)],
            [.. chats.Except(claimed.Select(chat => chat.ChatId))],
            done.Count);
    }

    /// <summary>Chats whose old events are next.</summary>
    public async Task<IReadOnlyList<long>> ListOldAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(SearchIndexSql.ListOld, new { limit = OldChats }, cancellationToken: ct))];
    }

    /// <summary>Indexes what was there before a chat came into the index, the newest first; one node at a time does.</summary>
    /// <param name="chatId">Of this chat alone; null: of the next ones.</param>
    public async Task<IndexedStep> IndexOldAsync(int maxEvents, long? chatId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        Step step = new(connection, transaction, words, ct);
        if (!await step.TakeTurnAsync()) return new IndexedStep([], [], 0);
        List<ChatHead> claimed = await step.QueryAsync<ChatHead>(SearchIndexSql.ClaimOld, OldOf(chatId, Math.Min(OldChats, maxEvents)));
        if (claimed.Count == 0) return new IndexedStep([], [], 0);

        int limit = Math.Max(1, maxEvents / claimed.Count);
        List<IndexedEvent> events = await step.QueryAsync<IndexedEvent>(SearchIndexSql.ReadOld, Keys(claimed, limit));
        ILookup<long, IndexedEvent> read = events.ToLookup(e => e.ChatId);
        ILookup<long, IndexedEvent> done = (await step.CountInAsync(events, claimed.Count)).ToLookup(e => e.ChatId);
        ChatHead[] left =
        [
            .. claimed.Select(chat => chat.ChatId).Select(chatId => new ChatHead(
                chatId, read[chatId].Count() < limit && done[chatId].Count() == read[chatId].Count() ? 1 : done[chatId].Last().Sequence)),
        ];
        await step.ExecuteAsync(SearchIndexSql.AdvanceOld, Keys(left, 0));
        await transaction.CommitAsync(ct);
        return new IndexedStep([.. left.Where(chat => chat.Sequence > 1).Select(chat => chat.ChatId)], [], Math.Max(1, events.Count));
    }

    /// <summary>Leaves the next event of the chat out, to be tried again later.</summary>
    /// <returns>Its sequence; null when there is none, or another node has the chat.</returns>
    public async Task<long?> SkipNextAsync(long chatId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        Step step = new(connection, transaction, words, ct);
        List<ChatHead> claimed = await step.QueryAsync<ChatHead>(SearchIndexSql.Claim, new { chats = new[] { chatId } });
        List<IndexedEvent> next = await step.QueryAsync<IndexedEvent>(SearchIndexSql.ReadNews, Keys(claimed, 1));
        if (next.Count == 0) return null;

        await step.ExecuteAsync(SearchIndexSql.Skip, new { chat = chatId, sequence = next[0].Sequence });
        await step.ExecuteAsync(SearchIndexSql.Advance, Keys([new ChatHead(chatId, next[0].Sequence)], 0));
        await transaction.CommitAsync(ct);
        return next[0].Sequence;
    }

    /// <summary>Leaves the next old event of the chat out; see <see cref="SkipNextAsync"/>.</summary>
    public async Task<ChatHead?> SkipOldAsync(long chatId, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        Step step = new(connection, transaction, words, ct);
        if (!await step.TakeTurnAsync()) return null;
        List<ChatHead> claimed = await step.QueryAsync<ChatHead>(SearchIndexSql.ClaimOld, OldOf(chatId, 1));
        if (claimed.Count == 0) return null;

        ChatHead skipped = new(claimed[0].ChatId, claimed[0].Sequence - 1);
        await step.ExecuteAsync(SearchIndexSql.Skip, new { chat = skipped.ChatId, sequence = skipped.Sequence });
        await step.ExecuteAsync(SearchIndexSql.AdvanceOld, Keys([skipped], 0));
        await transaction.CommitAsync(ct);
        return skipped;
    }

    /// <summary>Tries one event again that was left out, if one is due. False: none is.</summary>
    public async Task<bool> RetrySkippedAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        Step step = new(connection, transaction, words, ct);
        List<ChatHead> due = await step.QueryAsync<ChatHead>(SearchIndexSql.TakeSkipped, new { tries = MaxTries });
        if (due.Count == 0) return false;

        var key = new { chat = due[0].ChatId, sequence = due[0].Sequence };
        await step.CountInAsync(await step.QueryAsync<IndexedEvent>(SearchIndexSql.ReadOne, key), chats: 1);
        await step.ExecuteAsync(SearchIndexSql.Forget, key);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>The event that is due could not be indexed this time either.</summary>
    public async Task PostponeSkippedAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(SearchIndexSql.Postpone, new { tries = MaxTries }, cancellationToken: ct));
    }

    /// <summary>
    /// Looks at the next chats in the order of their ids, again from the first after the last: enters those that the index does not know, and
    /// gives those of which it does not have all. One node at a time does.
    /// </summary>
    /// <returns>The first sequences that are not indexed; null: another node walks.</returns>
    public async Task<IReadOnlyList<ChatHead>?> WalkAsync(int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        Step step = new(connection, transaction, words, ct);
        if (!await step.TakeTurnAsync()) return null;
        long position = (await step.QueryAsync<WalkPlace>(SearchIndexSql.Position, new { name = "chats" })).Single().Position;
        List<WalkedChat> chats = await step.QueryAsync<WalkedChat>(SearchIndexSql.WalkChats, new { position, limit });
        ChatHead[] unknown = [.. chats.Where(chat => chat.IndexedUpTo is null && chat.Head > 0).Select(chat => new ChatHead(chat.ChatId, chat.Head))];
        await step.ExecuteAsync(SearchIndexSql.EnterOld, Keys(unknown, 0));
        long next = chats.Count < limit ? 0 : chats[^1].ChatId;
        await step.ExecuteAsync(SearchIndexSql.Move, new { name = "chats", position = next, below = 0L, ended = false });
        await transaction.CommitAsync(ct);
        return [.. chats.Where(chat => chat.IndexedUpTo < chat.Head).Select(chat => new ChatHead(chat.ChatId, chat.IndexedUpTo!.Value + 1))];
    }

    private static object OldOf(long? chatId, int limit) => new { first = chatId ?? 0, last = chatId ?? long.MaxValue, limit };

    private static object Keys(IReadOnlyCollection<ChatHead> chats, int limit) => new
    {
        chats = chats.Select(chat => chat.ChatId).ToArray(),
        sequences = chats.Select(chat => chat.Sequence).ToArray(),
        limit,
    };

    private sealed record WalkedChat(long ChatId, long Head, long? IndexedUpTo);

    private sealed record IndexedEvent
    {
        public long ChatId { get; init; }

        public long Sequence { get; init; }

        public short Kind { get; init; }

        public long SenderId { get; init; }

        public long SentAtMs { get; init; }

        public string? Text { get; init; }

        public string? Content { get; init; }

        public long? Target { get; init; }

        public bool IsDeleted { get; init; }

        public long? TargetSentAtMs { get; init; }

        public long? TargetSenderId { get; init; }

        /// <summary>An edit that twenty others have followed: what only one who left in between would find.</summary>
        public bool IsLongGone { get; init; }

        public bool HasWords =>
            !IsDeleted && !IsLongGone && (Kind == EventKinds.Message || (Kind == EventKinds.Edited && TargetSentAtMs is not null));
    }

    /// <summary>The transaction of one step.</summary>
    private sealed class Step(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Func<IndexedText, IReadOnlyCollection<string>> words, CancellationToken ct)
    {
        public async Task<List<T>> QueryAsync<T>(string sql, object arguments) =>
            [.. await connection.QueryAsync<T>(new CommandDefinition(sql, arguments, transaction, cancellationToken: ct))];

        public Task<int> ExecuteAsync(string sql, object arguments) =>
            connection.ExecuteAsync(new CommandDefinition(sql, arguments, transaction, cancellationToken: ct));

        public async Task<bool> TakeTurnAsync() =>
            await connection.ExecuteScalarAsync<bool>(new CommandDefinition(SearchIndexSql.TakeTurn, transaction: transaction, cancellationToken: ct));

        /// <summary>
        /// Writes the words of the events, of each chat up to its share. What is deleted by now has none; the words of what is deleted later stay, and
        /// are judged when they are found.
        /// </summary>
        /// <returns>The events that are done: of each chat the first ones.</returns>
        public async Task<List<IndexedEvent>> CountInAsync(List<IndexedEvent> events, int chats)
        {
            int share = MaxRows / Math.Max(1, chats);
            List<IndexedEvent> done = [];
            List<WordRow> rows = [];
            foreach (IGrouping<long, IndexedEvent> chat in events.GroupBy(e => e.ChatId))
            {
                int before = rows.Count;
                foreach (IndexedEvent e in chat)
                {
                    if (rows.Count - before >= share) break;
                    if (e.HasWords) rows.AddRange(RowsOf(e));
                    done.Add(e);
                }
            }

            foreach (WordRow[] some in rows.Chunk(MaxRows))
            {
                await ExecuteAsync(
                    SearchIndexSql.Insert,
                    new
                    {
                        chats = some.Select(row => row.ChatId).ToArray(),
                        words = some.Select(row => row.Word).ToArray(),
                        times = some.Select(row => row.SentAtMs).ToArray(),
                        sequences = some.Select(row => row.Sequence).ToArray(),
                    });
            }

            return done;
        }

        private IEnumerable<WordRow> RowsOf(IndexedEvent e)
        {
            bool isEdit = e.Kind == EventKinds.Edited;
            (long sentAtMs, long sequence) = isEdit ? (e.TargetSentAtMs!.Value, e.Target!.Value) : (e.SentAtMs, e.Sequence);
            IndexedText text = new(e.SenderId, e.Text, e.Content, isEdit, isEdit ? null : e.TargetSenderId);
            return words(text).Select(word => new WordRow(e.ChatId, word, sentAtMs, sequence));
        }

        private readonly record struct WordRow(long ChatId, string Word, long SentAtMs, long Sequence);
    }
}

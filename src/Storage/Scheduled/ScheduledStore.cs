using Chat.Storage.ChatLog;
using Chat.Storage.Chats;
using Dapper;
using Npgsql;

namespace Chat.Storage.Scheduled;

/// <summary>
/// Messages that are to be sent later, as their senders see and change them. Changes of one person come one after another, by the lock of
/// their inbox, and each is an event of it. Thread-safe.
/// </summary>
public sealed class ScheduledStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    private const string FindByClient = $"""
        select {ScheduledSql.Columns} from scheduled_messages s where s.sender_id = @senderId and s.client_message_id = @clientMessageId
        """;

    private const string Find = $"""
        select {ScheduledSql.Columns} from scheduled_messages s where s.id = @id and s.sender_id = @senderId
        """;

    // Waits for a node that is claiming it just now, and then sees what it did.
    private const string Lock = """
        select state as "State", version as "Version", blob_id as "BlobId", chat_id as "ChatId", client_message_id as "ClientMessageId",
            body as "Text", reply_to as "ReplyTo", content::text as "Content",
            floor(extract(epoch from due_at) * 1000)::bigint as "DueAtMs", content is not distinct from @content::jsonb as "IsSameContent"
        from scheduled_messages where id = @id and sender_id = @senderId for update
        """;

    private const string CountOpen = "select count(*) from scheduled_messages where sender_id = @senderId and state <= 3";

    private const string Insert = $"""
        with s as (
            insert into scheduled_messages (
                sender_id, chat_id, client_message_id, digest, body, reply_to, content, blob_id, due_at, next_at, created_at, changed_at)
            values (@senderId, @chatId, @clientMessageId, @digest, @text, @replyTo, @content::jsonb, @blobId, @dueAt, @dueAt, @at, @at)
            returning *
        )
        select {ScheduledSql.Columns} from s
        """;

    private const string Change = $"""
        with s as (
            update scheduled_messages set body = @text, reply_to = @replyTo, content = @content::jsonb, blob_id = @blobId, due_at = @dueAt,
                next_at = @dueAt, changed_at = @at, version = version + 1, state = 1, reason = null, gone_at = null, attempts = attempts + 1,
                faults = 0
            where id = @id returning *
        )
        select {ScheduledSql.Columns} from s
        """;

    private const string Cancel = $"""
        update scheduled_messages set state = 5, {ScheduledSql.Forget}, changed_at = @at, version = version + 1,
            gone_at = clock_timestamp() + {ScheduledSql.SentKept}
        where id = @id
        """;

    // By due time; the key of the last one of the page before is (@dueAt, @id).
    private const string List = $"""
        select {ScheduledSql.Columns} from scheduled_messages s
        where s.sender_id = @senderId and s.state <= 3 and (@chatId::bigint is null or s.chat_id = @chatId) and (s.due_at, s.id) > (@dueAt, @id)
        order by s.due_at, s.id limit @limit
        """;

    /// <summary>What became of a request to schedule that was made before with this id; null when there was none.</summary>
    public async Task<ScheduledAnswer?> FindRepeatAsync(long senderId, NewScheduled wished, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await FindRepeatAsync(
            (sql, values) => connection.QueryAsync<ScheduledRow>(new CommandDefinition(sql, values, cancellationToken: ct)), senderId, wished);
    }

    /// <summary>One of the sender's, in whatever state; null if there is none.</summary>
    public async Task<ScheduledRow?> FindAsync(long senderId, long id, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<ScheduledRow>(new CommandDefinition(Find, new { senderId, id }, cancellationToken: ct));
    }

    /// <summary>What waits, is being sent or failed, by due time.</summary>
    /// <param name="chatId">Null for all chats.</param>
    /// <param name="after">The last one of the page before.</param>
    public async Task<IReadOnlyList<ScheduledRow>> ListAsync(
        long senderId, long? chatId, (long DueAtMs, long Id) after, int limit, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var values = new { senderId, chatId, dueAt = At(after.DueAtMs), id = after.Id, limit };
        return [.. await connection.QueryAsync<ScheduledRow>(new CommandDefinition(List, values, cancellationToken: ct))];
    }

    /// <summary>Makes a message wait for its time.</summary>
    public Task<ScheduledAnswer> ScheduleAsync(
        long senderId, NewScheduled wished, ScheduledBounds bounds, CancellationToken ct) => TryAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await transaction.LockInboxAsync(senderId, ct) is not { } inbox) return new ScheduledAnswer(ScheduledStatus.SenderNotFound);
        ScheduledAnswer? before = await FindRepeatAsync((sql, values) => transaction.QueryAsync<ScheduledRow>(sql, values, ct), senderId, wished);
        if (before is not null) return before;
        if (!IsInTime(wished.DueAtMs, transaction.AtMs, bounds)) return new ScheduledAnswer(ScheduledStatus.TimeOutOfRange);
        if (bounds.MaxOpen > 0 && await transaction.ScalarAsync<long>(CountOpen, new { senderId }, ct) >= bounds.MaxOpen)
            return new ScheduledAnswer(ScheduledStatus.TooMany);
        if (await JudgeAsync(transaction, (senderId, wished.ChatId, wished.ClientMessageId), wished.Message, ct) is { } refused) return refused;

        var values = new
        {
            senderId,
            chatId = wished.ChatId,
            clientMessageId = wished.ClientMessageId,
            digest = wished.Digest,
            text = wished.Message.Text,
            replyTo = wished.Message.ReplyTo,
            content = wished.Message.Content,
            blobId = wished.Message.BlobId,
            dueAt = At(wished.DueAtMs),
            at = At(transaction.AtMs),
        };
        ScheduledRow row = (await transaction.QueryAsync<ScheduledRow>(Insert, values, ct)).Single();
        return await TellAsync(transaction, inbox, row, ct);
    });

    /// <summary>Changes what waits or failed; a failed one waits again. What is so already is no change.</summary>
    public Task<ScheduledAnswer> ChangeAsync(
        long senderId, long id, ScheduledChange wished, ScheduledBounds bounds, CancellationToken ct) =>
        OnLockedAsync(senderId, id, wished.Message?.Content, async (transaction, inbox, present) =>
    {
        if (!present.IsChangeable) return new ScheduledAnswer(ScheduledStatus.NotChangeable);
        if (present.IsSameAs(wished)) return await DoneAsync(transaction, senderId, id, ct);
        if (wished.Version is { } version && version != present.Version) return new ScheduledAnswer(ScheduledStatus.NotChangeable);

        long dueAtMs = wished.DueAtMs ?? present.DueAtMs;
        bool keepsTime = present.State == ScheduledStates.Waiting && dueAtMs == present.DueAtMs;
        if (!keepsTime && !IsInTime(dueAtMs, transaction.AtMs, bounds)) return new ScheduledAnswer(ScheduledStatus.TimeOutOfRange);
        ScheduledContent message = wished.Message ?? present.Message;
        if (await JudgeAsync(transaction, (senderId, present.ChatId, present.ClientMessageId), message, ct) is { } refused) return refused;

        ScheduledRow row = await WriteAsync(transaction, id, message, dueAtMs, ct);
        if (present.BlobId is { } old && old != message.BlobId) await FreeAsync(transaction, old, bounds.UnshownFor, ct);
        return await TellAsync(transaction, inbox, row, ct);
    }, ct);

    /// <summary>Makes what waits or failed due now. Of one that is being sent, or was, it is so already.</summary>
    public Task<ScheduledAnswer> SendNowAsync(long senderId, long id, CancellationToken ct) =>
        OnLockedAsync(senderId, id, content: null, async (transaction, inbox, present) =>
    {
        if (present.State == ScheduledStates.Cancelled) return new ScheduledAnswer(ScheduledStatus.NotChangeable);
        bool isDue = present.State is ScheduledStates.Sending or ScheduledStates.Sent
            || (present.State == ScheduledStates.Waiting && present.DueAtMs <= transaction.AtMs);
        if (isDue) return await DoneAsync(transaction, senderId, id, ct);

        if (await JudgeAsync(transaction, (senderId, present.ChatId, present.ClientMessageId), present.Message, ct) is { } refused) return refused;
        return await TellAsync(transaction, inbox, await WriteAsync(transaction, id, present.Message, transaction.AtMs, ct), ct);
    }, ct);

    /// <summary>Cancels what waits or failed, and lets its file go. Twice is no failure.</summary>
    public Task<ScheduledAnswer> CancelAsync(long senderId, long id, TimeSpan unshownFor, CancellationToken ct) =>
        OnLockedAsync(senderId, id, content: null, async (transaction, inbox, present) =>
    {
        if (present.State == ScheduledStates.Cancelled) return new ScheduledAnswer(ScheduledStatus.Done);
        if (!present.IsChangeable) return new ScheduledAnswer(ScheduledStatus.NotChangeable);

        await transaction.ExecuteAsync(Cancel, new { id, at = At(transaction.AtMs) }, ct);
        if (present.BlobId is { } blobId) await FreeAsync(transaction, blobId, unshownFor, ct);
        transaction.Add(inbox, EventKinds.ScheduledChanged, senderId, present.ChatId, target: id);
        await transaction.CommitAsync(sink, ct);
        return new ScheduledAnswer(ScheduledStatus.Done);
    }, ct);

    /// <summary>Does something to one of the sender's, with their inbox and it locked.</summary>
    /// <param name="content">Told to be the same as the stored one, or not.</param>
    private Task<ScheduledAnswer> OnLockedAsync(
        long senderId, long id, string? content, Func<ChatTransaction, long, Open, Task<ScheduledAnswer>> change, CancellationToken ct) =>
        TryAsync(async () =>
        {
            await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
            if (await transaction.LockInboxAsync(senderId, ct) is not { } inbox) return new ScheduledAnswer(ScheduledStatus.SenderNotFound);
            Open? present = (await transaction.QueryAsync<Open>(Lock, new { senderId, id, content }, ct)).SingleOrDefault();
            return present is null ? new ScheduledAnswer(ScheduledStatus.NotFound) : await change(transaction, inbox, present);
        });

    private static DateTime At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime;

    private static bool IsInTime(long dueAtMs, long nowMs, ScheduledBounds bounds) =>
        dueAtMs >= nowMs + (long)bounds.Soonest.TotalMilliseconds && dueAtMs <= nowMs + (long)bounds.Latest.TotalMilliseconds;

    /// <summary>A change that PostgreSQL takes no such text for is refused as a message with it would be.</summary>
    private static async Task<ScheduledAnswer> TryAsync(Func<Task<ScheduledAnswer>> change)
    {
        try
        {
            return await ChatTransaction.RepeatAsync(change);
        }
        catch (Exception fault) when (AppendFaults.Classify(fault) == AppendFault.Data)
        {
            return new ScheduledAnswer(ScheduledStatus.Refused, null, AppendStatus.Rejected);
        }
    }

    private static async Task<ScheduledAnswer?> FindRepeatAsync(
        Func<string, object, Task<IEnumerable<ScheduledRow>>> query, long senderId, NewScheduled wished)
    {
        ScheduledRow? row = (await query(FindByClient, new { senderId, clientMessageId = wished.ClientMessageId })).SingleOrDefault();
        if (row is null) return null;
        bool isSame = row.Digest.AsSpan().SequenceEqual(wished.Digest);
        return isSame ? new ScheduledAnswer(ScheduledStatus.Done, row) : new ScheduledAnswer(ScheduledStatus.IdReused);
    }

    private static async Task<ScheduledAnswer?> JudgeAsync(
        ChatTransaction transaction, (long SenderId, long ChatId, Guid ClientMessageId) key, ScheduledContent message, CancellationToken ct)
    {
        var input = new { senderId = key.SenderId, chatId = key.ChatId, clientMessageId = key.ClientMessageId, replyTo = message.ReplyTo };
        var refusal = (AppendStatus)await transaction.ScalarAsync<short>(ScheduledSql.Judge, input, ct);
        if (refusal != AppendStatus.Appended) return new ScheduledAnswer(ScheduledStatus.Refused, null, refusal);
        if (message.BlobId is not { } blobId) return null;

        bool? isThere = await transaction.ScalarAsync<bool?>(ScheduledSql.LockFile, new { blobId }, ct);
        if (isThere is null) return new ScheduledAnswer(ScheduledStatus.FileNotFound);
        await transaction.ExecuteAsync(ScheduledSql.KeepFile, new { blobId, senderId = key.SenderId }, ct);
        return null;
    }

    private static async Task<ScheduledRow> WriteAsync(
        ChatTransaction transaction, long id, ScheduledContent message, long dueAtMs, CancellationToken ct)
    {
        var values = new
        {
            id,
            text = message.Text,
            replyTo = message.ReplyTo,
            content = message.Content,
            blobId = message.BlobId,
            dueAt = At(dueAtMs),
            at = At(transaction.AtMs),
        };
        return (await transaction.QueryAsync<ScheduledRow>(Change, values, ct)).Single();
    }

    private static Task FreeAsync(ChatTransaction transaction, Guid blobId, TimeSpan unshownFor, CancellationToken ct) =>
        transaction.ExecuteAsync(ScheduledSql.FreeFiles, new { blobIds = new[] { blobId }, unshownFor }, ct);

    private static async Task<ScheduledAnswer> DoneAsync(ChatTransaction transaction, long senderId, long id, CancellationToken ct) =>
        new(ScheduledStatus.Done, (await transaction.QueryAsync<ScheduledRow>(Find, new { senderId, id }, ct)).Single());

    private async Task<ScheduledAnswer> TellAsync(ChatTransaction transaction, long inbox, ScheduledRow row, CancellationToken ct)
    {
        transaction.Add(inbox, EventKinds.ScheduledChanged, row.SenderId, row.ChatId, target: row.Id);
        await transaction.CommitAsync(sink, ct);
        return new ScheduledAnswer(ScheduledStatus.Done, row);
    }

    private sealed record Open(
        short State, int Version, Guid? BlobId, long ChatId, Guid ClientMessageId, string Text, long? ReplyTo, string? Content, long DueAtMs,
        bool IsSameContent)
    {
        public ScheduledContent Message => new(Text, ReplyTo, Content, BlobId);

        public bool IsChangeable => State is ScheduledStates.Waiting or ScheduledStates.Failed;

        public bool IsSameAs(ScheduledChange wished) => State == ScheduledStates.Waiting
            && (wished.DueAtMs ?? DueAtMs) == DueAtMs
            && (wished.Message is not { } message || (message.Text == Text && message.ReplyTo == ReplyTo && IsSameContent));
    }
}

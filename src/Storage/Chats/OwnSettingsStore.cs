using Npgsql;

namespace Chat.Storage.Chats;

/// <summary>
/// Changes what a chat is to one of its members alone. Each change is an event of the person's inbox, so that all their devices follow (D11);
/// what is so already is no change. Thread-safe.
/// </summary>
public sealed class OwnSettingsStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    private const string FindMembership = """
        select c.head_sequence as "Head", m.read_up_to as "ReadUpTo", m.theme as "Theme", m.muted_until as "MutedUntil",
            m.archived_at_sequence as "ArchivedAt", m.pinned as "IsPinned", m.unread_mark as "UnreadMark"
        from members m join chats c on c.id = m.chat_id
        where m.chat_id = @chatId and m.principal_id = @principalId and m.left_at_sequence is null and c.kind <> 5
        """;

    // Who writes has read up to there, which is stored some seconds later, by the node that took the message (ReceiptWriter.RaiseOwn). By then
    // the head has moved on by no more than this, or the person has lost a mark.
    private const long FarthestOwn = 500;

    private const string FindOwnMessage = """
        select max(sequence) from events where chat_id = @chatId and sequence > @readUpTo and sender_id = @principalId and kind = 1
        """;

    private const string CountPinned = """
        select count(*) from members where principal_id = @principalId and pinned and left_at_sequence is null
        """;

    private const string Update = """
        update members set theme = @theme, muted_until = @mutedUntil, archived_at_sequence = @archivedAt, pinned = @isPinned,
            unread_mark = @unreadMark
        where chat_id = @chatId and principal_id = @principalId and left_at_sequence is null
        """;

    // Of all intervals: also who left sees what was, until it is cleared.
    private const string FindVisible = """
        select case when bool_or(m.left_at_sequence is null) then c.head_sequence else max(m.left_at_sequence) end as "Head",
            min(m.cleared_up_to) as "ClearedUpTo"
        from members m join chats c on c.id = m.chat_id
        where m.chat_id = @chatId and m.principal_id = @principalId and c.kind <> 5
        group by c.id
        """;

    private const string Clear = """
        update members set cleared_up_to = greatest(cleared_up_to, @upTo) where chat_id = @chatId and principal_id = @principalId
        """;

    private const string DropStars = """
        delete from starred_messages where principal_id = @principalId and chat_id = @chatId and sequence <= @upTo
        """;

    private const string FindDraft = """
        select text as "Text", reply_to as "ReplyTo" from drafts where principal_id = @principalId and chat_id = @chatId
        """;

    private const string PutDraft = """
        insert into drafts (principal_id, chat_id, text, reply_to, version) values (@principalId, @chatId, @text, @replyTo, @version)
        on conflict (principal_id, chat_id) do update set text = excluded.text, reply_to = excluded.reply_to, version = excluded.version
        """;

    private const string DeleteDraft = "delete from drafts where principal_id = @principalId and chat_id = @chatId";

    /// <param name="until">Null ends it; a time that is over does too. The year 9999 is for ever.</param>
    public Task<OwnSettingsStatus> MuteAsync(long principalId, long chatId, DateTimeOffset? until, CancellationToken ct)
    {
        DateTime? mutedUntil = until is { } end ? FarTime.Clamp(end) : null;
        return ChangeAsync(principalId, chatId, (present, _) => Task.FromResult<Membership?>(present with { MutedUntil = mutedUntil }), ct);
    }

    public Task<OwnSettingsStatus> ArchiveAsync(long principalId, long chatId, bool archived, CancellationToken ct) => ChangeAsync(
        principalId, chatId,
        (present, _) => Task.FromResult<Membership?>(
            present with { ArchivedAt = archived ? present.Head : null, IsPinned = present.IsPinned && !archived }),
        ct);

    /// <param name="maxPinned">Most chats that one person may pin; 0 for any number.</param>
    public Task<OwnSettingsStatus> PinAsync(long principalId, long chatId, bool pinned, int maxPinned, CancellationToken ct) => ChangeAsync(
        principalId, chatId,
        async (present, transaction) =>
        {
            bool isNew = pinned && !present.IsPinned;
            if (isNew && maxPinned > 0 && await transaction.ScalarAsync<long>(CountPinned, new { principalId }, ct) >= maxPinned) return null;
            return present with { IsPinned = pinned, ArchivedAt = pinned ? null : present.ArchivedAt };
        },
        ct);

    /// <summary>A mark goes by itself when something is read.</summary>
    public Task<OwnSettingsStatus> MarkUnreadAsync(long principalId, long chatId, bool unread, CancellationToken ct) => ChangeAsync(
        principalId,
        chatId,
        async (present, transaction) =>
        {
            if (!unread) return present with { UnreadMark = null };
            var since = new { principalId, chatId, readUpTo = Math.Max(present.ReadUpTo, present.Head - FarthestOwn) };
            long own = await transaction.ScalarAsync<long?>(FindOwnMessage, since, ct) ?? 0;
            return present with { UnreadMark = Math.Max(present.ReadUpTo, own) };
        },
        ct);

    public Task<OwnSettingsStatus> SetThemeAsync(long principalId, long chatId, string? theme, CancellationToken ct) =>
        ChangeAsync(principalId, chatId, (present, _) => Task.FromResult<Membership?>(present with { Theme = theme }), ct);

    /// <summary>Takes all that is there up to a sequence from the person's sight, for good, and the stars among it. Also for one who left.</summary>
    /// <param name="upTo">Null for all; above what the person may see is taken as that.</param>
    public Task<OwnSettingsStatus> ClearAsync(
        long principalId, long chatId, long? upTo, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await transaction.LockInboxAsync(principalId, ct) is not { } inbox) return OwnSettingsStatus.ChatNotFound;
        var keys = new { principalId, chatId };
        Visible? visible = (await transaction.QueryAsync<Visible>(FindVisible, keys, ct)).SingleOrDefault();
        if (visible is null) return OwnSettingsStatus.ChatNotFound;

        long end = Math.Min(upTo ?? long.MaxValue, visible.Head);
        if (end <= visible.ClearedUpTo) return OwnSettingsStatus.Done;
        await transaction.ExecuteAsync(Clear, new { principalId, chatId, upTo = end }, ct);
        await transaction.ExecuteAsync(DropStars, new { principalId, chatId, upTo = end }, ct);
        transaction.Add(inbox, EventKinds.HistoryCleared, principalId, chatId, target: end);
        await transaction.CommitAsync(sink, ct);
        return OwnSettingsStatus.Done;
    });

    /// <summary>Keeps what the person began to write; null takes it away. The last one to be stored is the draft.</summary>
    public Task<OwnSettingsStatus> SetDraftAsync(
        long principalId, long chatId, string? text, long? replyTo, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await transaction.LockInboxAsync(principalId, ct) is not { } inbox) return OwnSettingsStatus.ChatNotFound;
        var keys = new { principalId, chatId };
        if ((await transaction.QueryAsync<Membership>(FindMembership, keys, ct)).SingleOrDefault() is null)
            return OwnSettingsStatus.ChatNotFound;

        Draft? present = (await transaction.QueryAsync<Draft>(FindDraft, keys, ct)).SingleOrDefault();
        bool isSame = text is null ? present is null : present is not null && present.Text == text && present.ReplyTo == replyTo;
        if (isSame) return OwnSettingsStatus.Done;
        long version = transaction.Add(inbox, EventKinds.DraftChanged, principalId, chatId);
        if (text is null) await transaction.ExecuteAsync(DeleteDraft, keys, ct);
        else await transaction.ExecuteAsync(PutDraft, new { principalId, chatId, text, replyTo, version }, ct);
        await transaction.CommitAsync(sink, ct);
        return OwnSettingsStatus.Done;
    });

    /// <param name="change">What the settings are to be; null is too many pins.</param>
    private Task<OwnSettingsStatus> ChangeAsync(
        long principalId,
        long chatId,
        Func<Membership, ChatTransaction, Task<Membership?>> change,
        CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await transaction.LockInboxAsync(principalId, ct) is not { } inbox) return OwnSettingsStatus.ChatNotFound;
        Membership? present = (await transaction.QueryAsync<Membership>(FindMembership, new { principalId, chatId }, ct)).SingleOrDefault();
        if (present is null) return OwnSettingsStatus.ChatNotFound;
        if (await change(present, transaction) is not { } wished) return OwnSettingsStatus.TooManyPins;
        if (wished == present) return OwnSettingsStatus.Done;

        await transaction.ExecuteAsync(
            Update,
            new
            {
                principalId,
                chatId,
                theme = wished.Theme,
                mutedUntil = wished.MutedUntil,
                archivedAt = wished.ArchivedAt,
                isPinned = wished.IsPinned,
                unreadMark = wished.UnreadMark,
            },
            ct);
        transaction.Add(inbox, EventKinds.ChatSettingsChanged, principalId, chatId);
        await transaction.CommitAsync(sink, ct);
        return OwnSettingsStatus.Done;
    });

    private sealed record Membership
    {
        public long Head { get; init; }

        public long ReadUpTo { get; init; }

        public string? Theme { get; init; }

        public DateTime? MutedUntil { get; init; }

        public long? ArchivedAt { get; init; }

        public bool IsPinned { get; init; }

        public long? UnreadMark { get; init; }
    }

    private sealed record Visible(long Head, long ClearedUpTo);

    private sealed record Draft(string Text, long? ReplyTo);
}

/// <summary>What became of a change of one's own settings.</summary>
public enum OwnSettingsStatus : byte
{
    /// <summary>It is so now.</summary>
    Done,

    /// <summary>No such chat, or the person is not in it.</summary>
    ChatNotFound,

    /// <summary>The person has as many chats pinned as may be.</summary>
    TooManyPins,
}

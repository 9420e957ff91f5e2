using Chat.Storage.ChatLog;
using Chat.Storage.Messages;
using Dapper;
using Npgsql;

namespace Chat.Storage.Chats;

/// <summary>
/// One transaction that changes chats: locks their rows in id order, numbers what is added, and tells the sink after the commit.
/// Dropped without <see cref="CommitAsync"/> it leaves nothing. One caller.
/// </summary>
internal sealed class ChatTransaction : IAsyncDisposable
{
    private const int MaxRaces = 3;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly Dictionary<long, LockedChat> _chats = [];
    private readonly List<EventRow> _events = [];
    private readonly Dictionary<int, string?> _more = []; // the column attributes, by index in _events
    private long _atMs;

    private ChatTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_connection, _transaction) = (connection, transaction);

    /// <summary>
    /// Makes a change that is one transaction, and makes it again when PostgreSQL ended it for another's sake: receipts lock members and no
    /// chats, so a deadlock with them is possible, if rare, and a second try gets through.
    /// </summary>
    public static async Task<T> RepeatAsync<T>(Func<Task<T>> change)
    {
        for (int races = 0; ; races++)
        {
            try
            {
                return await change();
            }
            catch (PostgresException race) when (race.SqlState is "40001" or "40P01" && races < MaxRaces)
            {
                continue;
            }
        }
    }

    public static async Task<ChatTransaction> BeginAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        try
        {
            return new ChatTransaction(connection, await connection.BeginTransactionAsync(ct));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Locks the person's inbox, so that changes of a person's own come one after another; null if there is no such person.</summary>
    public async Task<long?> LockInboxAsync(long principalId, CancellationToken ct)
    {
        long? inbox = await ScalarAsync<long?>(MembershipSql.FindInbox, new { principalId }, ct);
        if (inbox is not null) await LockAsync([inbox.Value], ct);
        return inbox;
    }

    /// <summary>
    /// Locks the chats, all in one go: a second call could wait for one who waits for us. What is read afterwards is what the holders
    /// before us committed.
    /// </summary>
    public async Task LockAsync(IEnumerable<long> chatIds, CancellationToken ct)
    {
        const string Sql = """
            select id, kind, head_sequence as "HeadSequence", member_count as "MemberCount", name, blocked as "IsBlocked", deleted_at is not null as "IsDeleted",
                send_role as "SendRole", edit_role as "EditRole", add_role as "AddRole",
                floor(extract(epoch from clock_timestamp()) * 1000)::bigint as "AtMs"
            from chats where id = any(@ids) order by id for no key update
            """;
        IEnumerable<LockedRow> rows = await QueryAsync<LockedRow>(Sql, new { ids = chatIds.ToArray() }, ct);
        foreach (LockedRow row in rows)
        {
            _chats.Add(row.Id, new LockedChat
            {
                Kind = row.Kind,
                FirstHead = row.HeadSequence,
                Head = row.HeadSequence,
                FirstMemberCount = row.MemberCount,
                MemberCount = row.MemberCount,
                Name = row.Name,
                IsBlocked = row.IsBlocked,
                IsDeleted = row.IsDeleted,
                SendRole = row.SendRole,
                EditRole = row.EditRole,
                AddRole = row.AddRole,
            });
            _atMs = Math.Max(_atMs, row.AtMs);
        }
    }

    /// <summary>A chat that was locked; null if there is none with this id.</summary>
    public LockedChat? Find(long chatId) => _chats.GetValueOrDefault(chatId);

    /// <summary>Gives the chat its next event and returns the sequence.</summary>
    public long Add(long chatId, short kind, long senderId, long? subjectId = null, short? role = null, string? text = null, long? target = null)
    {
        LockedChat chat = _chats[chatId];
        chat.Head++;
        chat.IsActive |= kind != EventKinds.ReaderRemoved; // nobody else is to notice
        _events.Add(new EventRow(chatId, chat.Head, kind, senderId, _atMs, null, target, text, subjectId, role));
        return chat.Head;
    }

    /// <summary>Gives the chat an event about one of its messages. It does not bring the chat to the top of lists.</summary>
    /// <param name="text">What is stored.</param>
    /// <param name="previous">What a reaction replaces.</param>
    /// <param name="isWithheld">
    /// The text is not pushed: somebody in the chat may not see the message that it belongs to. Who may reads it from history. It stands
    /// beside the column that is pushed, where a program that knows nothing of this does not find it either.
    /// </param>
    public long AddChange(
        long chatId, short kind, long senderId, Guid clientMessageId, long target, string? text, string? previous, bool isWithheld)
    {
        LockedChat chat = _chats[chatId];
        chat.Head++;
        EventRow row = new(chatId, chat.Head, kind, senderId, _atMs, clientMessageId, target, isWithheld ? null : text, null, null);
        _more.Add(_events.Count, EventReader.ToAttributes(previous, isWithheld ? text : null));
        _events.Add(previous is null ? row : new DetailedEventRow(row, new EventDetails(previous)));
        return chat.Head;
    }

    /// <summary>The time of what is added, Unix milliseconds.</summary>
    public long AtMs => _atMs;

    public Task<IEnumerable<T>> QueryAsync<T>(string sql, object arguments, CancellationToken ct) =>
        _connection.QueryAsync<T>(new CommandDefinition(sql, arguments, _transaction, cancellationToken: ct));

    public Task<T?> ScalarAsync<T>(string sql, object arguments, CancellationToken ct) =>
        _connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, arguments, _transaction, cancellationToken: ct));

    public Task ExecuteAsync(string sql, object arguments, CancellationToken ct) =>
        _connection.ExecuteAsync(new CommandDefinition(sql, arguments, _transaction, cancellationToken: ct));

    /// <returns>How many rows were changed.</returns>
    public Task<int> ChangeAsync(string sql, object arguments, CancellationToken ct) =>
        _connection.ExecuteAsync(new CommandDefinition(sql, arguments, _transaction, cancellationToken: ct));

    /// <summary>
    /// Writes the events and the chats' new heads, commits, and tells the sink; of a commit without an answer, that it is in doubt.
    /// </summary>
    public async Task CommitAsync(ICommittedEvents sink, CancellationToken ct)
    {
        // Which events nobody has to read is counted where they are written, so that a message, which is not among them, costs nothing.
        const string InsertEvents = """
            with added as materialized (
                select *
                from unnest(@chatIds, @sequences, @kinds, @senderIds, @clientMessageIds, @targets, @subjectIds, @roles, @texts, @attributes)
                    as t (chat_id, sequence, kind, sender_id, client_message_id, target_sequence, subject_id, subject_role, body, attributes)
            ),
            quiet as (
                insert into quiet_events (chat_id, sequence, ordinal)
                select chat_id, sequence, row_number() over (partition by chat_id order by sequence) + coalesce((
                    select q.ordinal from quiet_events q where q.chat_id = a.chat_id order by q.sequence desc limit 1), 0)
                from added a where kind between 2 and 7 or kind between 10 and 16 or kind in (44, 46)
            )
            insert into events (
                chat_id, sequence, kind, sender_id, created_at, client_message_id, target_sequence, subject_id, subject_role, body, attributes)
            select chat_id, sequence, kind, sender_id, @at, client_message_id, target_sequence, subject_id, subject_role, body, attributes::jsonb
            from added
            """;
        const string UpdateChats = """
            update chats c set head_sequence = t.head, member_count = t.members, name = t.name,
                last_activity_at = case when t.active then greatest(last_activity_at, @at) else last_activity_at end
            from unnest(@ids, @heads, @counts, @names, @actives) as t (id, head, members, name, active)
            where c.id = t.id
            """;
        DateTime at = DateTimeOffset.FromUnixTimeMilliseconds(_atMs).UtcDateTime;
        await ExecuteAsync(
            InsertEvents,
            new
            {
                at,
                chatIds = _events.Select(e => e.ChatId).ToArray(),
                sequences = _events.Select(e => e.Sequence).ToArray(),
                kinds = _events.Select(e => e.Kind).ToArray(),
                senderIds = _events.Select(e => e.SenderId).ToArray(),
                clientMessageIds = _events.Select(e => e.ClientMessageId).ToArray(),
                targets = _events.Select(e => e.ReplyTo).ToArray(),
                subjectIds = _events.Select(e => e.SubjectId).ToArray(),
                roles = _events.Select(e => e.Role).ToArray(),
                texts = _events.Select(e => e.Text).ToArray(),
                attributes = _events.Select((_, i) => _more.GetValueOrDefault(i)).ToArray(),
            },
            ct);
        KeyValuePair<long, LockedChat>[] changed = [.. _chats.Where(chat => chat.Value.IsChanged)];
        await ExecuteAsync(
            UpdateChats,
            new
            {
                at,
                ids = changed.Select(chat => chat.Key).ToArray(),
                heads = changed.Select(chat => chat.Value.Head).ToArray(),
                counts = changed.Select(chat => chat.Value.MemberCount).ToArray(),
                names = changed.Select(chat => chat.Value.Name).ToArray(),
                actives = changed.Select(chat => chat.Value.IsActive).ToArray(),
            },
            ct);
        try
        {
            // Not the caller's token: one that hangs up now must not leave a commit that nobody is told of.
            await _transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception fault) when (AppendFaults.Classify(fault) == AppendFault.Unknown)
        {
            sink.OnInDoubt([.. changed.Select(chat => chat.Key)]);
            throw;
        }

        sink.OnCommitted(_events);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private sealed record LockedRow(
        long Id, short Kind, long HeadSequence, int MemberCount, string? Name, bool IsBlocked, bool IsDeleted, short SendRole, short EditRole,
        short AddRole, long AtMs);
}

/// <summary>A chat's row while it is locked; what is set here is written at the commit.</summary>
internal sealed class LockedChat
{
    public required short Kind { get; init; }

    public required long FirstHead { get; init; }

    public required long Head { get; set; }

    public required int FirstMemberCount { get; init; }

    public required int MemberCount { get; set; }

    public required string? Name { get; set; }

    /// <summary>A direct chat of which one has blocked the other.</summary>
    public required bool IsBlocked { get; init; }

    /// <summary>It was deleted for everyone: nothing is added to it any more.</summary>
    public required bool IsDeleted { get; init; }

    /// <summary>The least role that writes.</summary>
    public required short SendRole { get; init; }

    /// <summary>The least role that changes name and details.</summary>
    public required short EditRole { get; init; }

    /// <summary>The least role that adds people and makes invite links.</summary>
    public required short AddRole { get; init; }

    /// <summary>Something happened that brings the chat to the top of lists.</summary>
    public bool IsActive { get; set; }

    /// <summary>In a channel people come and go without an event of its log.</summary>
    public bool IsChanged => Head > FirstHead || MemberCount != FirstMemberCount;
}

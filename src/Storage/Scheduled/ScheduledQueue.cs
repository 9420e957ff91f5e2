using Chat.Storage.Chats;
using Dapper;
using Npgsql;

namespace Chat.Storage.Scheduled;

/// <summary>
/// Scheduled messages as nodes take, send and end them. All times are PostgreSQL's. A claim is a lease: of a node that fell silent the
/// message is claimed again, and the number of the attempt keeps the late one from saying what became of it. Thread-safe.
/// </summary>
public sealed class ScheduledQueue(NpgsqlDataSource source, ICommittedEvents sink)
{
    // Of one person's messages to one chat only the first one that is not done is ever claimed: whoever looks at the same moment sees it waiting
    // or being sent, and takes no later one. Asked as a scalar, for each that is due: as an anti-join it could read all that wait. What a blocked
    // account has in doubt is not sent again, which would tell what became of it, so it rests until no attempt can arrive any more.
    private const string Claim = """
        with due as (
            select s.id, s.state = 2 as in_doubt from scheduled_messages s
            where s.next_at <= now() and s.id = (
                select e.id from scheduled_messages e where e.sender_id = s.sender_id and e.chat_id = s.chat_id and e.state <= 2
                order by e.due_at, e.id limit 1)
                and (s.state < 2 or s.next_at <= now() - @doubt
                    or not exists (select from accounts a where a.principal_id = s.sender_id and a.blocked_at is not null))
            order by s.next_at, s.id limit @limit for update of s skip locked
        )
        update scheduled_messages s set state = 2, attempts = s.attempts + 1, next_at = clock_timestamp() + @lease
        from due where s.id = due.id
        returning s.id as "Id", s.sender_id as "SenderId", s.chat_id as "ChatId", s.client_message_id as "ClientMessageId", s.body as "Text",
            s.reply_to as "ReplyTo", s.content::text as "Content", s.attempts as "Attempt", s.faults as "Faults",
            due.in_doubt as "IsInDoubt",
            exists (select from accounts a where a.principal_id = s.sender_id and a.blocked_at is not null) as "IsSenderBlocked",
            (select p.kind from principals p where p.id = s.sender_id) as "SenderKind"
        """;

    private const string Sent = $"""
        update scheduled_messages set state = 4, {ScheduledSql.Forget}, sequence = @sequence, changed_at = clock_timestamp(),
            version = version + 1, gone_at = clock_timestamp() + {ScheduledSql.SentKept}
        where id = @id and state = 2 and attempts = @attempt
        """;

    private const string Failed = $"""
        update scheduled_messages set state = 3, next_at = null, reason = @reason, changed_at = clock_timestamp(), version = version + 1,
            gone_at = clock_timestamp() + {ScheduledSql.FailedKept}
        where id = @id and state = 2 and attempts = @attempt
        """;

    // What the log has is sent, whatever the last attempt met.
    private const string FindInLog = """
        select e.sequence from scheduled_messages s
        join events e on e.chat_id = s.chat_id and e.sender_id = s.sender_id and e.client_message_id = s.client_message_id
        where s.id = @id
        """;

    // One that may be sent already is nobody's to change: it stays as it is, with a lease that is over when it is tried again. Those that its
    // sender has behind it wait with it: they cannot be claimed before, and every claim would look at them.
    private const string Postpone = """
        with held as (
            update scheduled_messages set state = case when @inDoubt then 2 else 1 end, next_at = clock_timestamp() + @wait, faults = faults + @faults
            where id = @id and state = 2 and attempts = @attempt returning id, sender_id, chat_id, next_at
        )
        update scheduled_messages s set next_at = held.next_at from held
        where s.sender_id = held.sender_id and s.chat_id = held.chat_id and s.state = 1 and s.id <> held.id and s.next_at < held.next_at
        """;

    private const string ListGone = """
        select id as "Id", blob_id as "BlobId" from scheduled_messages where gone_at < now() order by gone_at limit @limit for update skip locked
        """;

    // Before the next statement, which then sees what was scheduled with the file meanwhile; in one order, as everywhere.
    private const string LockFiles = "select id from blobs where id = any(@blobIds) order by id for no key update";

    private const string DeleteGone = "delete from scheduled_messages where id = any(@ids)";

    /// <summary>For how long an attempt without an answer may still arrive, protocol-spec.md §6.4.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(30);

    /// <summary>Takes messages that are due and that nobody sends, at most one of a person in a chat.</summary>
    public async Task<IReadOnlyList<ClaimedMessage>> ClaimAsync(int limit, TimeSpan lease, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<ClaimedMessage>(new CommandDefinition(Claim, new { limit, lease, doubt = Doubt }, cancellationToken: ct))];
    }

    /// <summary>Notes that the message is in its chat.</summary>
    public Task<bool> MarkSentAsync(ClaimedMessage message, long sequence, CancellationToken ct) =>
        EndAsync(message, sequence, reason: null, ct);

    /// <summary>Notes that the chat refused the message; or that it is sent, if the chat has it from an attempt before. One that is under way is waited for.</summary>
    /// <param name="reason">The number of the error.</param>
    public Task<bool> MarkFailedAsync(ClaimedMessage message, short reason, CancellationToken ct) => EndAsync(message, sequence: null, reason, ct);

    /// <summary>Lets the message be tried again later, and counts the fault.</summary>
    /// <param name="inDoubt">It may be sent already.</param>
    public Task PostponeAsync(ClaimedMessage message, TimeSpan wait, bool inDoubt, CancellationToken ct) =>
        LetGoAsync(message, wait, inDoubt, faults: 1, ct);

    /// <summary>Gives back what was claimed and not begun.</summary>
    public Task GiveBackAsync(ClaimedMessage message, CancellationToken ct) =>
        LetGoAsync(message, TimeSpan.Zero, message.IsInDoubt, faults: 0, ct);

    /// <summary>Deletes up to <paramref name="limit"/> of those whose time to be remembered is over; how many.</summary>
    /// <param name="unshownFor">For how long the file of one that failed is kept from now on.</param>
    public async Task<int> DeleteGoneAsync(int limit, TimeSpan unshownFor, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        Gone[] gone = [.. await connection.QueryAsync<Gone>(In(ListGone, new { limit }))];
        if (gone.Length == 0) return 0;

        Guid[] blobIds = [.. gone.Select(message => message.BlobId).OfType<Guid>().Distinct()];
        await connection.ExecuteAsync(In(LockFiles, new { blobIds }));
        await connection.ExecuteAsync(In(DeleteGone, new { ids = gone.Select(message => message.Id).ToArray() }));
        await connection.ExecuteAsync(In(ScheduledSql.FreeFiles, new { blobIds, unshownFor }));
        await transaction.CommitAsync(ct);
        return gone.Length;

        CommandDefinition In(string sql, object values) => new(sql, values, transaction, cancellationToken: ct);
    }

    private async Task LetGoAsync(ClaimedMessage message, TimeSpan wait, bool inDoubt, int faults, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var values = new { message.Id, message.Attempt, wait, inDoubt, faults };
        await connection.ExecuteAsync(new CommandDefinition(Postpone, values, cancellationToken: ct));
    }

    /// <returns>False when another claim has the message by now.</returns>
    private Task<bool> EndAsync(ClaimedMessage message, long? sequence, short? reason, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await transaction.ScalarAsync<long?>(MembershipSql.FindInbox, new { principalId = message.SenderId }, ct) is not { } inbox) return false;
        bool mayArrive = sequence is null && message.IsInDoubt; // who holds the chat may be the attempt before
        await transaction.LockAsync(mayArrive ? [inbox, message.ChatId] : [inbox], ct);
        long? sent = sequence ?? await transaction.ScalarAsync<long?>(FindInLog, new { message.Id }, ct);
        int changed = sent is null
            ? await transaction.ChangeAsync(Failed, new { message.Id, message.Attempt, reason }, ct)
            : await transaction.ChangeAsync(Sent, new { message.Id, message.Attempt, sequence = sent }, ct);
        if (changed == 0) return false;

        transaction.Add(inbox, EventKinds.ScheduledChanged, message.SenderId, message.ChatId, target: message.Id);
        await transaction.CommitAsync(sink, ct);
        return true;
    });

    private sealed record Gone(long Id, Guid? BlobId);
}

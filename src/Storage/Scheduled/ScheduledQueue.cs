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
    // or being sent, and takes no later one. Asked as a scalar, for each that is due: as an anti-join it could read all that wait.
    private const string Claim = """
        with due as (
            select s.id, s.state = 2 as in_doubt from scheduled_messages s
            where s.next_at <= now() and s.id = (
                select e.id from scheduled_messages e where e.sender_id = s.sender_id and e.chat_id = s.chat_id and e.state <= 2
                order by e.due_at, e.id limit 1)
            order by s.next_at, s.id limit @limit for update of s skip locked
        )
        update scheduled_messages s set state = 2, attempts = s.attempts + 1, next_at = clock_timestamp() + @lease
        from due where s.id = due.id
        returning s.id as "Id", s.sender_id as "SenderId", s.chat_id as "ChatId", s.client_message_id as "ClientMessageId", s.body as "Text",
            s.reply_to as "ReplyTo", s.content::text as "Content", s.attempts as "Attempt", due.in_doubt as "IsInDoubt"
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

    // One that may be sent already is nobody's to change: it stays as it is, with a lease that is over when it is tried again.
    private const string Postpone = """
        update scheduled_messages set state = case when @inDoubt then 2 else 1 end, next_at = clock_timestamp() + @wait
        where id = @id and state = 2 and attempts = @attempt
        """;

    // What failed long ago goes with its file.
    private const string DeleteGone = """
        with gone as (
            delete from scheduled_messages where id = any(array(
                select id from scheduled_messages where gone_at < now() order by gone_at limit @limit for update skip locked))
            returning id, blob_id
        ), freed as (
            update blobs b set expires_at = least(b.kept_until, clock_timestamp() + @unshownFor)
            where b.id in (select blob_id from gone) and b.state = 2 and not b.was_shown
                and not exists (select from scheduled_messages o where o.blob_id = b.id and o.id not in (select id from gone))
        )
        select count(*) from gone
        """;

    /// <summary>Takes messages that are due and that nobody sends, at most one of a person in a chat.</summary>
    public async Task<IReadOnlyList<ClaimedMessage>> ClaimAsync(int limit, TimeSpan lease, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<ClaimedMessage>(new CommandDefinition(Claim, new { limit, lease }, cancellationToken: ct))];
    }

    /// <summary>Notes that the message is in its chat.</summary>
    public Task<bool> MarkSentAsync(ClaimedMessage message, long sequence, CancellationToken ct) =>
        EndAsync(Sent, message, new { message.Id, message.Attempt, sequence }, ct);

    /// <summary>Notes that the chat refused the message.</summary>
    /// <param name="reason">The number of the error.</param>
    public Task<bool> MarkFailedAsync(ClaimedMessage message, short reason, CancellationToken ct) =>
        EndAsync(Failed, message, new { message.Id, message.Attempt, reason }, ct);

    /// <summary>Lets the message be tried again later.</summary>
    /// <param name="inDoubt">It may be sent already.</param>
    public async Task PostponeAsync(ClaimedMessage message, TimeSpan wait, bool inDoubt, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var values = new { message.Id, message.Attempt, wait, inDoubt };
        await connection.ExecuteAsync(new CommandDefinition(Postpone, values, cancellationToken: ct));
    }

    /// <summary>Deletes up to <paramref name="limit"/> of those whose time to be remembered is over; how many.</summary>
    /// <param name="unshownFor">For how long the file of one that failed is kept from now on.</param>
    public async Task<int> DeleteGoneAsync(int limit, TimeSpan unshownFor, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        return (int)await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(DeleteGone, new { limit, unshownFor }, cancellationToken: ct));
    }

    /// <returns>False when another claim has the message by now.</returns>
    private Task<bool> EndAsync(string sql, ClaimedMessage message, object values, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await transaction.LockInboxAsync(message.SenderId, ct) is not { } inbox) return false;
        if (await transaction.ChangeAsync(sql, values, ct) == 0) return false;

        transaction.Add(inbox, EventKinds.ScheduledChanged, message.SenderId, message.ChatId, target: message.Id);
        await transaction.CommitAsync(sink, ct);
        return true;
    });
}

namespace Chat.Storage.ChatLog;

/// <summary>
/// The two statements of a batch that is expected to be plain: every sender is a member, every id is new, every reply target is there.
/// They travel together and are one transaction. When the expectation fails, an error of <see cref="TellsOtherwise"/> takes all of it back,
/// and <see cref="AppendSql"/> judges the same batch event by event (ADR 0011).
/// </summary>
internal static class PlainAppendSql
{
    /// <summary>
    /// Locks, counts up and stores. $1 chat ids, ascending, each once: chats are locked in that order, so that two writers cannot wait for
    /// each other. $2 how many events each gets. Then one element an event: $3 chat ids, $4 sender ids, $5 kinds, $6 client message ids,
    /// $7 reply targets, $8 texts, $9 how many events of its chat come behind it, $10 contents. Returns one row a chat: id, head, time,
    /// ms from the start until it was locked.
    /// </summary>
    /// <remarks>
    /// The counter comes from the locked row in its newest version, whatever the snapshot. The time of a chat's events is that of its last
    /// activity, and does not go back within a chat when the clock does. A full join, because the planner takes a parameter's array for ten
    /// elements, and a nested loop over 500 × 500 costs more than all the rest; every row has its partner but for a chat that does not
    /// exist, where the division fails, as it does for a chat in which one has blocked the other.
    /// </remarks>
    public const string Store = """
        with heads as (
            update chats c
            set head_sequence = c.head_sequence + i.events,
                last_activity_at = greatest(c.last_activity_at, clock_timestamp()::timestamptz(3))
            from unnest($1, $2) as i (chat_id, events)
            where c.id = i.chat_id
            returning c.id, c.head_sequence, c.last_activity_at, c.blocked
        ),
        stored as (
            insert into events (chat_id, sequence, kind, sender_id, created_at, client_message_id, target_sequence, body, attributes)
            select i.chat_id, h.head_sequence - i.behind, i.kind / case when h.id is null or h.blocked then 0 else 1 end, i.sender_id,
                h.last_activity_at, i.client_message_id, i.target_sequence, i.body,
                case when i.content is not null then jsonb_build_object('content', i.content::jsonb) end
            from unnest($3, $4, $5, $6, $7, $8, $9, $10)
                as i (chat_id, sender_id, kind, client_message_id, target_sequence, body, behind, content)
            full join heads h on h.id = i.chat_id
        )
        select id, head_sequence, last_activity_at, extract(milliseconds from clock_timestamp() - statement_timestamp())::real
        from heads
        """;

    /// <summary>
    /// Divides by zero if a sender is no member, or none who may write. $1 and $2 chats and senders.
    /// </summary>
    /// <remarks>
    /// Behind the insert, because a statement's snapshot is taken at its start: this one sees what the holder of the locks before us
    /// committed. Sub-selects in the select list, because those are looked up by key, whatever the planner thinks of the tables' sizes.
    /// The error is one that names no values: those of a violated constraint would put texts into the server's log.
    /// </remarks>
    public const string Check = "select 1 / case when " + AllMayWrite + " then 1 else 0 end";

    /// <summary>
    /// As <see cref="Check"/>, and if a reply target is not to be seen. One element a reply: $3 chats, $4 senders, $5 targets, $6 how many
    /// events of this transaction the chat got, which are no targets yet.
    /// </summary>
    /// <remarks>For batches with a reply: only to begin it costs a tenth of what a small batch takes, because the log is of many tables.</remarks>
    public const string CheckReplies = "select 1 / case when " + AllMayWrite + " and " + AllSeeTheirTarget + " then 1 else 0 end";

    private const string AllMayWrite = """
        (
            select count((
                select m.principal_id from members m
                where m.chat_id = i.chat_id and m.principal_id = i.sender_id and m.left_at_sequence is null
                    and (m.role = 2 or (select a.chat_id from admin_only_chats a where a.chat_id = m.chat_id) is null)
            )) = count(*)
            from unnest($1, $2) as i (chat_id, sender_id)
        )
        """;

    private const string AllSeeTheirTarget = """
        (
            select count((
                select target.sequence from events target
                join members past on past.chat_id = target.chat_id and past.principal_id = r.sender_id
                    and target.sequence between past.joined_at_sequence and coalesce(past.left_at_sequence, target.sequence)
                where target.chat_id = r.chat_id and target.sequence = r.target_sequence and target.kind = 1
                    and target.sequence <= (select c.head_sequence - r.events from chats c where c.id = r.chat_id)
                limit 1
            )) = count(*)
            from unnest($3, $4, $5, $6) as r (chat_id, sender_id, target_sequence, events)
        )
        """;

    /// <summary>
    /// Whether an error of the two means that the batch was not plain: a check that failed (22012), or an id that is known already (23505).
    /// Nothing is stored then, and the connection is good.
    /// </summary>
    public static bool TellsOtherwise(Npgsql.PostgresException exception) =>
        exception is { InvariantSeverity: "ERROR", SqlState: Npgsql.PostgresErrorCodes.DivisionByZero or Npgsql.PostgresErrorCodes.UniqueViolation };
}

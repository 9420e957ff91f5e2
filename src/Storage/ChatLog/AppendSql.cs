namespace Chat.Storage.ChatLog;

/// <summary>
/// The two statements of a batch of which each event is judged by itself. They travel together and are one transaction. Batches without
/// retries and mistakes take the cheaper <see cref="PlainAppendSql"/>.
/// </summary>
internal static class AppendSql
{
    /// <summary>
    /// Locks the chats in id order, so that two writers cannot wait for each other. It is a statement of its own because the next one must
    /// see what the holder of the lock before us committed: in read committed a statement's snapshot is taken when it starts.
    /// "No key" suffices: the lock excludes itself, and foreign keys to the chat need not wait.
    /// </summary>
    public const string Lock = """
        select count(*) from (select id from chats where id = any($1) order by id for no key update) locked
        """;

    /// <summary>
    /// Branches of a <c>case</c>: why the chat <c>c</c> does not take the message <c>i</c> of the present member <c>m</c>, or of nobody. Numbers of
    /// <see cref="AppendStatus"/>. Also for messages that are to be sent later.
    /// </summary>
    public const string Refusals = """
        when c.id is null then 2
        when c.deleted_at is not null then 11
        when m.chat_id is null then 3
        when c.blocked then 9
        when c.send_role > m.role then 10
        when i.target_sequence is not null and not exists (
            select from events target
            join members past on past.chat_id = i.chat_id and past.principal_id = i.sender_id
                and target.sequence between past.joined_at_sequence and coalesce(past.left_at_sequence, target.sequence)
            where target.chat_id = i.chat_id and target.sequence = i.target_sequence and target.kind = 1) then 5
        """;

    /// <summary>
    /// Judges, numbers and stores. $1 chat ids, $2 sender ids, $3 kinds, $4 client message ids, $5 reply targets, $6 texts, $7 contents.
    /// Returns one row an ordinal: ordinal, status (a number of <see cref="AppendStatus"/>), sequence, created_at in ms, whether to tell
    /// the sink.
    /// </summary>
    /// <remarks>
    /// Known ids come first, before membership: a retry of a stored message gets its sequence even after its sender left. Within the batch
    /// the first acceptable use of an id leads, and later ones are measured against it. Only leaders get a place, so the log stays dense.
    /// The heads are joined in full although every one of them has its partner: see <see cref="PlainAppendSql.Store"/>.
    /// </remarks>
    public const string Append = $"""
        with input as materialized (
            select chat_id, sender_id, kind, client_message_id, target_sequence, body, content::jsonb as content, ordinal
            from unnest($1, $2, $3, $4, $5, $6, $7) with ordinality
                as t (chat_id, sender_id, kind, client_message_id, target_sequence, body, content, ordinal)
        ),
        judged as materialized (
            select i.*, e.sequence as known_sequence, e.created_at as known_at,
                -- near the head it is told to the sink again: its first telling may have died with a node
                e.sequence is not null and c.head_sequence - e.sequence < 128 as near_head,
                case
                    when e.sequence is not null then
                        case when e.kind = i.kind and e.body is not distinct from i.body
                            and e.target_sequence is not distinct from i.target_sequence
                            and e.attributes->'content' is not distinct from i.content then 1 else 4 end
                    {Refusals}
                    else 0
                end as status
            from input i
            left join events e on e.chat_id = i.chat_id and e.sender_id = i.sender_id
                and e.client_message_id = i.client_message_id and e.client_message_id is not null
            left join chats c on c.id = i.chat_id
            left join members m on m.chat_id = i.chat_id and m.principal_id = i.sender_id and m.left_at_sequence is null
        ),
        led as materialized (
            -- the first acceptable use of an id leads; each row learns what its leader says
            select j.*, first_value(ordinal) over same_id as leader, first_value(kind) over same_id as leader_kind,
                first_value(body) over same_id as leader_body, first_value(target_sequence) over same_id as leader_target,
                first_value(content) over same_id as leader_content
            from judged j
            window same_id as (partition by chat_id, sender_id, client_message_id order by status <> 0, ordinal)
        ),
        counted as (
            select l.*, status = 0 and ordinal = leader as leads,
                count(*) filter (where status = 0 and ordinal = leader) over (partition by chat_id order by ordinal) as place
            from led l
        ),
        placed as materialized (
            select c.*, first_value(place) over (
                partition by chat_id, sender_id, client_message_id order by status <> 0, ordinal) as leader_place
            from counted c
        ),
        commit_time as materialized (
            select date_trunc('milliseconds', clock_timestamp()) as at
        ),
        heads as (
            update chats c
            set head_sequence = c.head_sequence + f.events, last_activity_at = greatest(c.last_activity_at, commit_time.at)
            from (select chat_id, count(*) as events from placed where leads group by chat_id) f, commit_time
            where c.id = f.chat_id
            returning c.id, c.head_sequence - f.events as base
        ),
        stored as (
            insert into events (chat_id, sequence, kind, sender_id, created_at, client_message_id, target_sequence, body, attributes)
            select f.chat_id, h.base + f.place, f.kind, f.sender_id, commit_time.at, f.client_message_id, f.target_sequence, f.body,
                case when f.content is not null then jsonb_build_object('content', f.content) end
            from (select * from placed where leads) f full join heads h on h.id = f.chat_id cross join commit_time
        )
        select p.ordinal,
            case
                when p.status <> 0 or p.leads then p.status
                when p.leader_kind = p.kind and p.leader_body is not distinct from p.body
                    and p.leader_target is not distinct from p.target_sequence
                    and p.leader_content is not distinct from p.content then 1
                else 4
            end::smallint,
            coalesce(p.known_sequence, case when p.status = 0 then h.base + p.leader_place end, 0),
            floor(extract(epoch from coalesce(p.known_at, commit_time.at)) * 1000)::bigint,
            (p.status = 1 and p.near_head) or p.leads
        from placed p
        full join heads h on h.id = p.chat_id
        cross join commit_time
        """;
}

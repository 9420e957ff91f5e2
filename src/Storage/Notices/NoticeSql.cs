using Chat.Storage.Messages;

namespace Chat.Storage.Notices;

/// <summary>Statements of <see cref="NoticeStore"/>.</summary>
internal static class NoticeSql
{
    /// <summary>Chats that are asked for answers, those that were written in last.</summary>
    private const int MaxRooms = 1_000;

    /// <summary>
    /// What happened to $1 in the last 30 days: of each source as many as $2, the newest of those behind its key. $3: inbox; $4: mentions; $5 to
    /// $7: answers; $8 to $11: reactions; $12 to $14: roles. Of the inbox, and of mentions, that many rows are looked at, whatever becomes of them: kind 0
    /// is nothing to be shown. A row tells how far the person has read, too; without any there is one of no source.
    /// </summary>
    /// <remarks>
    /// The order within a source is its key's, and between sources the times'. What is older than the 30 days is left out behind the limit: the
    /// sources run with time, so nothing newer lies behind it. A mention whose message is being purged stands where the one before it does.
    /// </remarks>
    public static readonly string Read = $"""
        with owner as materialized (
            select p.id, p.inbox_chat_id, p.notices_read_up_to, floor(extract(epoch from clock_timestamp() - interval '30 days') * 1000)::bigint as since
            from principals p where p.id = $1
        ),
        rooms as materialized (
            select m.chat_id from members m join chats c on c.id = m.chat_id
            where m.principal_id = $1 and m.left_at_sequence is null and c.kind in (1, 2) and c.last_activity_at > clock_timestamp() - interval '30 days'
            order by c.last_activity_at desc limit {MaxRooms.ToString(System.Globalization.CultureInfo.InvariantCulture)}
        ),
        found as (
            (select 0 as source, i.sequence as k1, 0::bigint as k2, 0::bigint as k3, 0::bigint as k4, i.at_ms,
                case
                    when i.kind = 48 then 9 when i.kind = 49 then 10
                    when i.sender_id = $1 then 0
                    when i.kind = 8 then 5
                    when i.kind = 9 then case when i.body = 'deleted' then 7 else 6 end
                    when exists (
                        select from call_participants s where s.call_id = i.subject_id and s.principal_id = $1 and s.state in (5, 6)) then 4
                    else 0
                end as kind,
                case when i.kind in (8, 9) then i.subject_id when i.kind = 43 then (select c.chat_id from calls c where c.id = i.subject_id) end as chat_id,
                null::bigint as sequence, i.sender_id as actor_id, case when i.kind in (43, 48, 49) then i.subject_id end as subject_id,
                case when i.kind in (48, 49) then i.body end as text, null::smallint as role
            from (
                select e.sequence, floor(extract(epoch from e.created_at) * 1000)::bigint as at_ms, e.kind, e.sender_id, e.subject_id, e.body from events e
                where e.chat_id = (select inbox_chat_id from owner) and (e.kind in (8, 9, 48, 49) or e.kind = 43 and e.body = 'missed')
                    and e.sequence < $3
                order by e.sequence desc limit $2
            ) i)
            union all
            (select 1, n.id, 0, 0, 0, coalesce(n.at_ms, min(n.at_ms) over (order by n.id desc), 9007199254740991), case when n.at_ms is null then 0 else 1 end,
                n.chat_id, n.sequence, n.sender_id, null, null, null
            from (
                select n.id, n.chat_id, n.sequence, e.sender_id, floor(extract(epoch from e.created_at) * 1000)::bigint as at_ms
                from (select n.id, n.chat_id, n.sequence from mentions n where n.principal_id = $1 and n.id < $4 order by n.id desc limit $2) n
                left join events e on e.chat_id = n.chat_id and e.sequence = n.sequence
            ) n)
            union all
            (select 2, w.sent_at, w.chat_id, w.sequence, 0, w.sent_at, 2, w.chat_id, w.sequence, e.sender_id, null, null, null
            from (
                select w.* from rooms r cross join lateral (
                    select w.sent_at, w.chat_id, w.sequence from search_words w
                    where w.chat_id = r.chat_id and w.word = '>' || $1::text and w.sent_at <= $5
                        and w.sent_at > (select since from owner)
                        and (w.sent_at, w.chat_id, w.sequence) < ($5, $6, $7)
                    order by w.sent_at desc, w.sequence desc limit $2
                ) w
                order by w.sent_at desc, w.chat_id desc, w.sequence desc limit $2
            ) w
            join events e on e.chat_id = w.chat_id and e.sequence = w.sequence)
            union all
            (select 3, r.reacted_at, r.chat_id, r.sequence, r.principal_id, r.reacted_at, 3, r.chat_id, r.sequence, r.principal_id, null,
                r.emoji, null
            from message_reactions r
            where r.author_id = $1 and r.emoji is not null and (r.reacted_at, r.chat_id, r.sequence, r.principal_id) < ($8, $9, $10, $11)
            order by r.reacted_at desc, r.chat_id desc, r.sequence desc, r.principal_id desc limit $2)
            union all
            (select 4, floor(extract(epoch from e.created_at) * 1000)::bigint, e.chat_id, e.sequence, 0,
                floor(extract(epoch from e.created_at) * 1000)::bigint,
                case when e.sender_id = $1 then 0 else 8 end, e.chat_id, e.sequence, e.sender_id, null, null, e.subject_role
            from events e
            where e.kind = 7 and e.subject_id = $1 and (e.created_at, e.chat_id, e.sequence) < (
                case when $12 > 253402300799000 then 'infinity' else timestamptz 'epoch' + $12 * interval '1 millisecond' end, $13, $14)
            order by e.created_at desc, e.chat_id desc, e.sequence desc limit $2)
        )
        select o.notices_read_up_to, f.source, f.k1, f.k2, f.k3, f.k4, f.at_ms, f.kind, f.chat_id, f.sequence, f.actor_id,
            f.subject_id, f.text, f.role
        from owner o left join found f on f.at_ms > o.since
        order by f.source, f.k1 desc, f.k2 desc, f.k3 desc, f.k4 desc
        """;

    /// <summary>
    /// Which of a page's $1 is shown, by $2, their places in it, and how: $3 kinds, $4 chats, $5 sequences, $6 actors. What came of a message goes by
    /// what history shows of it now, the chat by whether one is in it; what somebody says whom one has blocked is not shown, what they did to one is.
    /// </summary>
    public static readonly string Show = $"""
        select a.place, case when ch.kind <> 1 then ch.name end, e.sequence is not null, {ShownEvent.Columns("$1", ShownEvent.Forever)}
        from unnest($2, $3, $4, $5, $6) as a (place, kind, chat_id, sequence, actor_id)
        left join members m on m.chat_id = a.chat_id and m.principal_id = $1 and m.left_at_sequence is null
        left join chats ch on ch.id = m.chat_id
        left join events e on a.kind <= 3 and e.chat_id = a.chat_id and e.sequence = a.sequence and e.kind = 1
        {ShownEvent.Joins("$1")}
        where (a.kind > 4 or (select b.blocked_id from blocks b where b.principal_id = $1 and b.blocked_id = a.actor_id) is null)
            and case
                when a.kind <= 3 then m.chat_id is not null and e.sequence is not null and c.deleted_at is null and {HiddenStore.Shows("$1")}
                    and (a.kind <> 2 or (
                        select n.id from mentions n where n.principal_id = $1 and n.chat_id = a.chat_id and n.sequence = a.sequence) is null)
                when a.kind = 5 then ch.kind in (2, 3)
                when a.kind = 8 then m.chat_id is not null
                else true
            end
            and (a.kind > 3 and a.kind <> 8 or exists (
                select from members v where v.chat_id = a.chat_id and v.principal_id = $1
                    and a.sequence between v.joined_at_sequence and coalesce(v.left_at_sequence, a.sequence) and a.sequence > v.cleared_up_to))
        """;

    /// <summary>Raises the watermark; no row where it is there already, or further. Nothing is read before it happened.</summary>
    public const string Raise = """
        update principals set notices_read_up_to = least(@upTo, @now) where id = @principalId and notices_read_up_to < least(@upTo, @now)
        returning notices_read_up_to
        """;
}

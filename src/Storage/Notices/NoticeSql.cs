using System.Globalization;
using Chat.Storage.Messages;

namespace Chat.Storage.Notices;

/// <summary>Statements of <see cref="NoticeStore"/>.</summary>
internal static class NoticeSql
{
    /// <summary>Chats that are asked for answers, those that were written in last.</summary>
    private const int MaxChats = 1_000;

    /// <summary>Rows of a source that are looked at for a page, those that are nothing to be shown included.</summary>
    private const int MaxLooked = 500;

    private static readonly string Look = MaxLooked.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// What happened to $1 in the last 30 days: of each source as many as $2, the newest of those behind its key. $3: inbox; $4: mentions; $5 to
    /// $7: answers; $8 to $11: reactions; $12 to $14: roles. What one did oneself, and what somebody says whom one has blocked, is left out of a
    /// source: a hundred of it would else be a page. Where a look ended with as many rows as it may have, its last row says so, and is of kind 0
    /// if it is nothing to be shown. A row tells how far the person has read, too; without any there is one of no source.
    /// </summary>
    /// <remarks>
    /// The order within a source is its key's, and between sources the times'. What is older than the 30 days is left out behind the limit: the
    /// sources run with time, so nothing newer lies behind it. A mention whose message is being purged stands where the one before it does.
    /// Of the chats' answers the newest of each chat is asked for first: none of the look can be older than the last of those, nor in a chat whose
    /// newest is.
    /// </remarks>
    public static readonly string Read = $"""
        with owner as materialized (
            select p.id, p.inbox_chat_id, p.notices_read_up_to, floor(extract(epoch from clock_timestamp() - interval '30 days') * 1000)::bigint as since
            from principals p where p.id = $1
        ),
        asked as materialized (
            select m.chat_id from members m join chats c on c.id = m.chat_id
            where m.principal_id = $1 and m.left_at_sequence is null and c.kind in (1, 2) and c.last_activity_at > clock_timestamp() - interval '30 days'
            order by c.last_activity_at desc limit {MaxChats.ToString(CultureInfo.InvariantCulture)}
        ),
        answered as materialized (
            select a.chat_id, w.sent_at from asked a cross join lateral (
                select w.sent_at from search_words w
                where w.chat_id = a.chat_id and w.word = '>' || $1::text and w.sent_at <= $5
                    and w.sent_at > (select since from owner)
                    and (w.sent_at, w.chat_id, w.sequence) < ($5, $6, $7)
                order by w.sent_at desc, w.sequence desc limit 1
            ) w
            order by w.sent_at desc, a.chat_id desc limit {Look}
        ),
        found as (
            (select 0 as source, i.sequence as k1, 0::bigint as k2, 0::bigint as k3, 0::bigint as k4, i.at_ms, i.kind,
                case when i.event in (8, 9) then i.subject_id when i.event = 43 then (select c.chat_id from calls c where c.id = i.subject_id) end as chat_id,
                null::bigint as sequence, i.sender_id as actor_id, case when i.event in (43, 48, 49) then i.subject_id end as subject_id,
                case when i.event in (48, 49) then i.body end as text, null::smallint as role, i.place = {Look} as is_last
            from (
                select i.*, floor(extract(epoch from i.created_at) * 1000)::bigint as at_ms, case
                    when i.event = 48 then 9 when i.event = 49 then 10
                    when i.sender_id = $1 then 0
                    when i.event = 8 then 5
                    when i.event = 9 then case when i.body = 'deleted' then 7 else 6 end
                    when {IsBlocked("i.sender_id")} then 0
                    when exists (
                        select from call_participants s where s.call_id = i.subject_id and s.principal_id = $1 and s.state in (5, 6)) then 4
                    else 0
                end as kind
                from (
                    select e.sequence, e.created_at, e.kind as event, e.sender_id, e.subject_id, e.body, row_number() over (order by e.sequence desc) as place
                    from events e
                    where e.chat_id = (select inbox_chat_id from owner) and (e.kind in (8, 9, 48, 49) or e.kind = 43 and e.body = 'missed')
                        and e.sequence < $3
                    order by e.sequence desc limit {Look}
                ) i
            ) i
            where i.kind > 0 or i.place = {Look}
            order by i.sequence desc limit $2)
            union all
            (select 1, n.id, 0, 0, 0, n.at_ms, n.kind, n.chat_id, n.sequence, n.sender_id, null, null, null, n.place = {Look}
            from (
                select n.id, n.chat_id, n.sequence, n.place, e.sender_id,
                    coalesce(
                        floor(extract(epoch from e.created_at) * 1000)::bigint,
                        min(floor(extract(epoch from e.created_at) * 1000)::bigint) over (order by n.id desc), 9007199254740991) as at_ms,
                    case when e.sender_id is null or {IsBlocked("e.sender_id")} then 0 else 1 end as kind
                from (
                    select n.id, n.chat_id, n.sequence, row_number() over (order by n.id desc) as place from mentions n
                    where n.principal_id = $1 and n.id < $4 order by n.id desc limit {Look}
                ) n
                left join events e on e.chat_id = n.chat_id and e.sequence = n.sequence
            ) n
            where n.kind > 0 or n.place = {Look}
            order by n.id desc limit $2)
            union all
            (select 2, w.sent_at, w.chat_id, w.sequence, 0, w.sent_at, w.kind, w.chat_id, w.sequence, w.sender_id, null, null, null, w.place = {Look}
            from (
                select w.*, e.sender_id, case when e.sender_id is null or {IsBlocked("e.sender_id")} then 0 else 2 end as kind
                from (
                    select w.*, row_number() over (order by w.sent_at desc, w.chat_id desc, w.sequence desc) as place
                    from answered a cross join lateral (
                        select w.sent_at, w.chat_id, w.sequence from search_words w
                        where w.chat_id = a.chat_id and w.word = '>' || $1::text and w.sent_at <= $5
                            and w.sent_at > (select since from owner)
                            and w.sent_at >= (select case when count(*) = {Look} then min(sent_at) else 0 end from answered)
                            and (w.sent_at, w.chat_id, w.sequence) < ($5, $6, $7)
                        order by w.sent_at desc, w.sequence desc limit {Look}
                    ) w
                    order by w.sent_at desc, w.chat_id desc, w.sequence desc limit {Look}
                ) w
                left join events e on e.chat_id = w.chat_id and e.sequence = w.sequence
            ) w
            where w.kind > 0 or w.place = {Look}
            order by w.sent_at desc, w.chat_id desc, w.sequence desc limit $2)
            union all
            (select 3, r.reacted_at, r.chat_id, r.sequence, r.principal_id, r.reacted_at, r.kind, r.chat_id, r.sequence, r.principal_id, null,
                r.emoji, null, r.place = {Look}
            from (
                select r.*, case when {IsBlocked("r.principal_id")} then 0 else 3 end as kind
                from (
                    select r.reacted_at, r.chat_id, r.sequence, r.principal_id, r.emoji,
                        row_number() over (order by r.reacted_at desc, r.chat_id desc, r.sequence desc, r.principal_id desc) as place
                    from message_reactions r
                    where r.author_id = $1 and r.emoji is not null and (r.reacted_at, r.chat_id, r.sequence, r.principal_id) < ($8, $9, $10, $11)
                    order by r.reacted_at desc, r.chat_id desc, r.sequence desc, r.principal_id desc limit {Look}
                ) r
            ) r
            where r.kind > 0 or r.place = {Look}
            order by r.reacted_at desc, r.chat_id desc, r.sequence desc, r.principal_id desc limit $2)
            union all
            (select 4, r.at_ms, r.chat_id, r.sequence, 0, r.at_ms, case when r.sender_id = $1 then 0 else 8 end, r.chat_id, r.sequence, r.sender_id,
                null, null, r.subject_role, r.place = {Look}
            from (
                select floor(extract(epoch from e.created_at) * 1000)::bigint as at_ms, e.created_at, e.chat_id, e.sequence, e.sender_id, e.subject_role,
                    row_number() over (order by e.created_at desc, e.chat_id desc, e.sequence desc) as place
                from events e
                where e.kind = 7 and e.subject_id = $1 and (e.created_at, e.chat_id, e.sequence) < (
                    case when $12 > 253402300799000 then 'infinity' else timestamptz 'epoch' + $12 * interval '1 millisecond' end, $13, $14)
                order by e.created_at desc, e.chat_id desc, e.sequence desc limit {Look}
            ) r
            where r.sender_id <> $1 or r.place = {Look}
            order by r.created_at desc, r.chat_id desc, r.sequence desc limit $2)
        )
        select o.notices_read_up_to, f.source, f.k1, f.k2, f.k3, f.k4, f.at_ms, f.kind, f.chat_id, f.sequence, f.actor_id,
            f.subject_id, f.text, f.role, f.is_last
        from owner o left join found f on f.at_ms > o.since
        order by f.source, f.k1 desc, f.k2 desc, f.k3 desc, f.k4 desc
        """;

    /// <summary>
    /// Which of a page's $1 is shown, by $2, their places in it, and how: $3 kinds, $4 chats, $5 sequences. What came of a message goes by
    /// what history shows of it now, the chat by whether one is in it.
    /// </summary>
    public static readonly string Show = $"""
        select a.place, case when ch.kind <> 1 then ch.name end, e.sequence is not null, {ShownEvent.Columns("$1", ShownEvent.Forever)}
        from unnest($2, $3, $4, $5) as a (place, kind, chat_id, sequence)
        left join members m on m.chat_id = a.chat_id and m.principal_id = $1 and m.left_at_sequence is null
        left join chats ch on ch.id = m.chat_id
        left join events e on a.kind <= 3 and e.chat_id = a.chat_id and e.sequence = a.sequence and e.kind = 1
        {ShownEvent.Joins("$1")}
        where case
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

    // A look-up by key for each, in the place of a hash of all that one has blocked.
    private static string IsBlocked(string column) => $"""
        (select b.blocked_id from blocks b where b.principal_id = $1 and b.blocked_id = {column}) is not null
        """;
}

using Chat.Storage.Messages;

namespace Chat.Storage.Search;

/// <summary>Statements of <see cref="SearchStore"/>.</summary>
internal static class SearchSql
{
    /// <summary>A word that no text has, and every message.</summary>
    public const string AnyMessage = "*";

    /// <summary>Above every code point, and so above every word that begins with what is in front of it.</summary>
    public const string Above = "\U0010FFFF";

    /// <summary>Lets the statements that follow take no longer than they may. For this transaction alone: the connection is lent.</summary>
    public static readonly string LimitTime = string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"""
        select set_config('statement_timeout', '{SearchStore.StatementLimit.TotalMilliseconds:0}', true)
        """);

    // An event at an interval's end tells until when messages in it can have been sent: their times do not go back within a chat. A minute is for
    // the events' own times, which are told otherwise.
    private static readonly string IntervalColumns = $"""
        m.chat_id, s.first, coalesce(m.left_at_sequence, {ShownEvent.Forever}),
            coalesce((select floor(extract(epoch from e.created_at) * 1000)::bigint - 60000 from events e
                where s.first > 2 and e.chat_id = m.chat_id and e.sequence = s.first), 0),
            coalesce((select floor(extract(epoch from e.created_at) * 1000)::bigint + 60000 from events e
                where e.chat_id = m.chat_id and e.sequence = m.left_at_sequence), {ShownEvent.Forever})
        from members m cross join lateral (select greatest(m.joined_at_sequence, m.cleared_up_to + 1) as first) s
        """;

    /// <summary>The intervals of membership of $1 below the chat $2, the chats descending; $3 at most.</summary>
    public static readonly string Intervals = $"""
        select {IntervalColumns}
        where m.principal_id = $1 and m.chat_id < $2
            and m.chat_id <> (select p.inbox_chat_id from principals p where p.id = $1)
        order by m.chat_id desc, m.joined_at_sequence desc limit $3
        """;

    /// <summary>The same of one chat.</summary>
    public static readonly string IntervalsOfChat = $"""
        select {IntervalColumns} where m.principal_id = $1 and m.chat_id = $2 order by m.joined_at_sequence desc limit $3
        """;

    /// <summary>
    /// Looks into many intervals at once. $1 chats, $2 and $3 first and last sequences, $4 and $5 first times and those below which to look,
    /// $6 sequences below which to look at that time; $7 words, all of which are wanted; $8 and $9 the bounds of a beginning, or null; $10 words
    /// of which one is wanted; $11 how many entries are looked at in an interval; $12 how many words of a chat a beginning is looked up for, above
    /// the 8 that may drive: where as many begin with it, all messages are read. Each interval is driven by what is rarest in its chat, as far
    /// as a count of 64 tells. A row that is no match says how far the look went.
    /// </summary>
    /// <remarks>
    /// The words of a beginning are found by leaping from word to word along the key. A rare beginning drives; a frequent one is left to be
    /// judged by who reads the texts, because asking for each of its words would cost more. "offset 0" has the planner look them up once: without it
    /// they are put in the place of each mention of them, and looked up as often.
    /// </remarks>
    public static readonly string Probe = $"""
        select i.ordinal, found.sent_at, found.sequence, found.fits
        from unnest($1, $2, $3, $4, $5, $6) with ordinality as i (chat_id, first, last, from_ms, before_ms, before_sequence, ordinal)
        cross join lateral (
            select case when $8::text is null then null else array(
                with recursive completed (word) as (
                    (select w.word from search_words w where w.chat_id = i.chat_id and w.word >= $8 and w.word < $9 order by w.word limit 1)
                    union all
                    select (
                        select w.word from search_words w where w.chat_id = i.chat_id and w.word > c.word and w.word < $9
                        order by w.word limit 1)
                    from completed c where c.word is not null
                )
                select word from completed where word is not null limit $12
            ) end as words
            offset 0
        ) p
        cross join lateral (
            select o.word, o.entries from (
                select wanted.word, (
                    select count(*) from (
                        select from search_words w where w.chat_id = i.chat_id and w.word = wanted.word limit 64) counted) as entries
                from unnest($7) as wanted (word)
            ) o order by o.entries, length(o.word) desc limit 1
        ) rarest
        cross join lateral (
            select case
                when rarest.word = '' and cardinality(p.words) >= $12 then array['{AnyMessage}']
                when rarest.word = '' then coalesce(p.words, $10)
                when cardinality(p.words) <= 8 and cardinality(p.words) < rarest.entries then p.words
                else array[rarest.word]
            end as words
            offset 0
        ) driver
        cross join lateral (
            select e.sent_at, e.sequence, row_number() over (order by e.sent_at desc, e.sequence desc) as place,
                e.sequence between i.first and i.last
                    and (select bool_and(w.word = '' or w.word = any(driver.words) and cardinality(driver.words) = 1 or exists (
                        select from search_words x
                        where x.chat_id = i.chat_id and x.word = w.word and x.sent_at = e.sent_at and x.sequence = e.sequence))
                        from unnest($7) as w (word))
                    and (p.words is null or cardinality(p.words) > 8 or driver.words = p.words or exists (
                        select from unnest(p.words) as w (word) join search_words x
                            on x.chat_id = i.chat_id and x.word = w.word and x.sent_at = e.sent_at and x.sequence = e.sequence))
                    and (cardinality($10) = 0 or driver.words = $10 or exists (
                        select from unnest($10) as w (word) join search_words x
                            on x.chat_id = i.chat_id and x.word = w.word and x.sent_at = e.sent_at and x.sequence = e.sequence)) as fits
            from (
                select distinct d.sent_at, d.sequence from unnest(driver.words) as u (word)
                cross join lateral (
                    select w.sent_at, w.sequence from search_words w
                    where w.chat_id = i.chat_id and w.word = u.word and w.sent_at >= i.from_ms
                        and (w.sent_at, w.sequence) < (i.before_ms, i.before_sequence)
                    order by w.sent_at desc, w.sequence desc limit $11
                ) d
                order by d.sent_at desc, d.sequence desc limit $11
            ) e
        ) found
        where (rarest.word = '' or rarest.entries > 0) and (found.fits or found.place = $11)
        order by i.ordinal, found.sent_at desc, found.sequence desc
        """;

    /// <summary>Messages as history shows them to $1, those of them that it does. $2 chats, $3 sequences.</summary>
    public static readonly string Read = $"""
        with page as materialized (
            select e.*, seen.until from unnest($2, $3) as k (chat_id, sequence)
            join events e on e.chat_id = k.chat_id and e.sequence = k.sequence and e.kind = 1
            cross join lateral (
                select case when bool_or(m.left_at_sequence is null) then {ShownEvent.Forever} else max(m.left_at_sequence) end as until
                from members m where m.chat_id = k.chat_id and m.principal_id = $1
            ) seen
            where {HiddenStore.Shows("$1")} and exists (
                select from members v where v.chat_id = e.chat_id and v.principal_id = $1
                    and e.sequence between v.joined_at_sequence and coalesce(v.left_at_sequence, e.sequence) and e.sequence > v.cleared_up_to)
        )
        select {ShownEvent.Columns("$1", "e.until")} from page e {ShownEvent.Joins("$1")} where c.deleted_at is null
        """;
}

namespace Chat.Storage.Search;

/// <summary>Statements of <see cref="SearchIndexStore"/>.</summary>
internal static class SearchIndexSql
{
    /// <summary>One node at a time walks and fills up what is old; "srch" in ASCII.</summary>
    public const string TakeTurn = "select pg_try_advisory_xact_lock(1936876392)";

    // A chat that is new to the index begins a little in front of what was noted: what others note of it meanwhile is no old message.
    public const string Enter = """
        insert into search_progress (chat_id, indexed_up_to, old_below)
        select c.id, s.start, s.start + 1 from unnest(@chats, @sequences) as t (chat_id, sequence)
        join chats c on c.id = t.chat_id and c.kind <> 5 and c.deleted_at is null
        cross join lateral (select greatest(0, least(t.sequence, c.head_sequence) - 100) as start) s
        where not exists (select from search_progress p where p.chat_id = t.chat_id)
        order by c.id
        on conflict (chat_id) do nothing
        """;

    public const string Claim = """
        select chat_id as "ChatId", indexed_up_to as "Sequence" from search_progress where chat_id = any(@chats)
        order by chat_id for update skip locked
        """;

    public const string ClaimOld = """
        select chat_id as "ChatId", old_below as "Sequence" from search_progress where old_below > 1 and chat_id between @first and @last
        order by chat_id limit @limit for update skip locked
        """;

    public const string ListOld = "select chat_id from search_progress where old_below > 1 order by chat_id limit @limit";

    private const string Columns = """
        e.chat_id as "ChatId", e.sequence as "Sequence", e.kind as "Kind", e.sender_id as "SenderId",
            floor(extract(epoch from e.created_at) * 1000)::bigint as "SentAtMs", coalesce(e.body, e.attributes->>'withheld') as "Text",
            (e.attributes->'content')::text as "Content", e.target_sequence as "Target", c.deleted_at is not null as "IsDeleted",
            floor(extract(epoch from t.created_at) * 1000)::bigint as "TargetSentAtMs", t.sender_id as "TargetSenderId",
            e.kind = 10 and exists (
                select from message_edits d
                where d.chat_id = e.chat_id and d.message_sequence = e.target_sequence and d.edit_sequence > e.sequence
                order by d.edit_sequence offset 19 limit 1) as "IsLongGone"
        """;

    // Of an answer, an edit and a deletion: the message that it is about.
    private const string Joins = """
        left join message_changes c on c.chat_id = e.chat_id
            and c.sequence = case e.kind when 1 then e.sequence when 10 then e.target_sequence when 11 then e.target_sequence end
        left join events t on e.kind in (1, 10, 11) and t.chat_id = e.chat_id and t.sequence = e.target_sequence and t.kind = 1
        """;

    public const string ReadNews = $"""
        select {Columns} from unnest(@chats, @sequences) as k (chat_id, sequence)
        cross join lateral (
            select e.* from events e where e.chat_id = k.chat_id and e.sequence > k.sequence order by e.sequence limit @limit
        ) e
        {Joins}
        order by e.chat_id, e.sequence
        """;

    public const string ReadOld = $"""
        select {Columns} from unnest(@chats, @sequences) as k (chat_id, sequence)
        cross join lateral (
            select e.* from events e where e.chat_id = k.chat_id and e.sequence < k.sequence order by e.sequence desc limit @limit
        ) e
        {Joins}
        order by e.chat_id, e.sequence desc
        """;

    public const string ReadOne = $"""
        select {Columns} from events e {Joins} where e.chat_id = @chat and e.sequence = @sequence
        """;

    public const string Insert = """
        insert into search_words (chat_id, word, sent_at, sequence)
        select * from unnest(@chats, @words, @times, @sequences) as t (chat_id, word, sent_at, sequence)
        order by t.chat_id, t.word collate "C", t.sent_at
        on conflict do nothing
        """;

    public const string Advance = """
        update search_progress p set indexed_up_to = t.sequence from unnest(@chats, @sequences) as t (chat_id, sequence)
        where p.chat_id = t.chat_id
        """;

    public const string AdvanceOld = """
        update search_progress p set old_below = t.sequence from unnest(@chats, @sequences) as t (chat_id, sequence)
        where p.chat_id = t.chat_id
        """;

    public const string Skip = """
        insert into search_skipped (chat_id, sequence) values (@chat, @sequence) on conflict (chat_id, sequence) do nothing
        """;

    public const string TakeSkipped = """
        select chat_id as "ChatId", sequence as "Sequence" from search_skipped where retry_at <= clock_timestamp() and tries <= @tries
        order by retry_at limit 1 for update skip locked
        """;

    public const string Forget = "delete from search_skipped where chat_id = @chat and sequence = @sequence";

    public const string Postpone = """
        update search_skipped set tries = tries + 1, retry_at = clock_timestamp() + make_interval(mins => (2 ^ least(tries, 12))::integer)
        where retry_at <= clock_timestamp() and (chat_id, sequence) = (
            select chat_id, sequence from search_skipped where retry_at <= clock_timestamp() and tries <= @tries order by retry_at limit 1)
        """;

    /// <summary>Where a walk is, as a <see cref="WalkPlace"/>; none where it has ended.</summary>
    public const string Position = """
        select position as "Position", below as "Below" from search_walks where name = @name and not ended for update
        """;

    public const string Move = "update search_walks set position = @position, below = @below, ended = @ended where name = @name";

    public const string WalkChats = """
        select c.id as "ChatId", c.head_sequence as "Head", p.indexed_up_to as "IndexedUpTo" from chats c
        left join search_progress p on p.chat_id = c.id
        where c.id > @position and c.kind <> 5 and c.deleted_at is null order by c.id limit @limit
        """;

    /// <summary>All of it is old.</summary>
    public const string EnterOld = """
        insert into search_progress (chat_id, indexed_up_to, old_below)
        select t.chat_id, t.sequence, t.sequence + 1 from unnest(@chats, @sequences) as t (chat_id, sequence)
        join chats c on c.id = t.chat_id and c.deleted_at is null
        on conflict (chat_id) do nothing
        """;
}

/// <summary>How far a walk through a table is.</summary>
internal sealed record WalkPlace(long Position, long Below);

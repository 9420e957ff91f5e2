using Chat.Storage.Media;

namespace Chat.Storage.Chats;

/// <summary>Statements of <see cref="ChatDeletionStore"/> and <see cref="ChatPurgeStore"/>.</summary>
internal static class ChatDeletionSql
{
    public const string Judge = """
        select m.role from members m where m.chat_id = @chatId and m.principal_id = @actorId and m.left_at_sequence is null
        """;

    /// <summary>Whether the actor could have deleted the chat that is deleted.</summary>
    public const string CouldDelete = "select exists (select from deleted_chats where chat_id = @chatId and @actorId = any(admin_ids))";

    /// <summary>
    /// Ends all memberships, past ones too: from this commit on nobody sees anything of the chat, whichever statement asks. A row costs its
    /// deletion and a number in an array, no write of its own.
    /// </summary>
    public const string EndMemberships = """
        with gone as (
            delete from members where chat_id = @chatId returning principal_id, role, left_at_sequence
        ),
        people as (
            select principal_id, bool_or(left_at_sequence is null) as was_there from gone group by principal_id
        ),
        parts as (
            select was_there, array_agg(principal_id order by principal_id) as ids
            from (
                select *, (row_number() over (partition by was_there order by principal_id) - 1) / @perPart as part from people
            ) numbered
            group by was_there, part
        ),
        farewells as (
            insert into chat_farewells (chat_id, principal_ids, was_there) select @chatId, ids, was_there from parts
        )
        insert into deleted_chats (chat_id, sequence, deleted_by, admin_ids)
        select @chatId, @sequence, @actorId, coalesce(array_agg(principal_id) filter (where role = 2 and left_at_sequence is null), '{}')
        from gone
        """;

    /// <summary>
    /// In front of the end of the memberships, which say when somebody left: keeps it with each call that went on without them, one for each
    /// time at most. Who is there to the end sees their calls as they were.
    /// </summary>
    public const string KeepDepartures = """
        update call_participants s set gone_at = e.created_at
        from (
            select principal_id, max(left_at_sequence) as sequence from members where chat_id = @chatId
            group by principal_id having bool_and(left_at_sequence is not null)
        ) past
        join events e on e.chat_id = @chatId and e.sequence = past.sequence, calls c
        where c.chat_id = @chatId and c.ended_at > e.created_at and s.call_id = c.id and s.principal_id = past.principal_id
        """;

    public const string Mark = """
        update chats set deleted_at = clock_timestamp(), handle = null, description = null, avatar = null, theme = null where id = @chatId
        """;

    /// <summary>
    /// Some who are to be told; what another node tells just now is left to it. Any of the first: those who cannot be told do not stand before
    /// the others.
    /// </summary>
    public const string NextUntold = """
        select f.id as "Id", f.chat_id as "ChatId", d.deleted_by as "DeletedBy", f.was_there as "WasThere"
        from chat_farewells f join deleted_chats d on d.chat_id = f.chat_id
        where not f.is_told and f.id = any(array(
            select u.id from chat_farewells u where not u.is_told and (@chatId::bigint is null or u.chat_id = @chatId) order by u.id limit 100))
        order by random() limit 1 for update of f skip locked
        """;

    public const string Owners = """
        select p.id as "Id", p.inbox_chat_id as "InboxChatId"
        from chat_farewells f cross join unnest(f.principal_ids) as t (id) join principals p on p.id = t.id
        where f.id = @id
        """;

    public const string Told = "update chat_farewells set is_told = true where id = @id";

    public const string DropDrafts = "delete from drafts where chat_id = @chatId and principal_id = any(@ids)";

    /// <summary>The list of stars of an older node asks for no membership.</summary>
    public const string DropStars = "delete from starred_messages where chat_id = @chatId and principal_id = any(@ids)";

    /// <summary>Deleted, and for so long that no node and no device is in the middle of hearing of it. Any of the first, as above.</summary>
    public const string NextToPurge = """
        select d.chat_id as "ChatId", d.sequence as "Sequence"
        from (
            select * from deleted_chats
            where purged_at is null and deleted_at < clock_timestamp() - @grace
                and not exists (select from chat_farewells f where f.chat_id = deleted_chats.chat_id and not f.is_told)
            order by deleted_at, chat_id limit 20
        ) d
        order by random() limit 1
        """;

    /// <summary>
    /// Before each step of a purge. Two at once would each find a part of the rows that the other deletes, and both take that for the end.
    /// </summary>
    public const string LockPurge = "select true from deleted_chats where chat_id = @chatId for update";

    // Before the next statement, which then sees what a message in another chat that shows the file committed meanwhile.
    public const string LockFiles = """
        select b.id from blobs b
        where b.id = any(array(select s.blob_id from blob_messages s where s.chat_id = @chatId order by s.sequence limit @limit))
        order by b.id for update
        """;

    /// <summary>A file that no message of another chat shows goes with its messages, unless one is scheduled that will.</summary>
    public const string DropFiles = $"""
        with hidden as (
            delete from blob_messages where chat_id = @chatId and sequence = any(array(
                select s.sequence from blob_messages s where s.chat_id = @chatId order by s.sequence limit @limit))
            returning blob_id
        ), gone as (
            update blobs b set state = 3, deleted_at = clock_timestamp()
            where b.id in (select blob_id from hidden) and b.state = 2
                and not exists (select from blob_messages o where o.blob_id = b.id and o.chat_id <> @chatId)
                and not exists (select from scheduled_messages w where w.blob_id = b.id)
            returning b.id, b.owner_id, b.object_id, b.bytes
        ), {DeletedBlobs.Release}
        """;

    public const string CountFiles = "select count(*) from (select from blob_messages where chat_id = @chatId limit @limit) shown";

    public const string DropPictures = $"""
        with gone as (
            update blobs set state = 3, deleted_at = clock_timestamp()
            where id = any(array(select id from blobs where chat_id = @chatId and purpose = 3 and state < 3 limit @limit))
            returning id, owner_id, object_id, bytes
        ), {DeletedBlobs.Release}
        """;

    /// <summary>
    /// In front of the events and of the words: waits for who is indexing the chat just now, and nobody begins again. By the keys, because a
    /// row that was changed while it was waited for is in another place.
    /// </summary>
    public static readonly string[] OfIndexing =
    [
        """
        with gone as (delete from search_progress where chat_id = @chatId returning 1) select count(*) from gone
        """,
        """
        with gone as (
            delete from search_skipped where chat_id = @chatId and sequence = any(array(
                select sequence from search_skipped where chat_id = @chatId limit @limit))
            returning 1
        )
        select count(*) from gone
        """,
    ];

    /// <summary>All but the event that says that the chat is deleted, which a node may still have to read.</summary>
    public const string DropEvents = """
        with gone as (
            delete from events where chat_id = @chatId and sequence = any(array(
                select sequence from events where chat_id = @chatId and sequence < @sequence order by sequence limit @limit))
            returning 1
        )
        select count(*) from gone
        """;

    public const string NextPart = "select id from chat_farewells where chat_id = @chatId order by id limit 1";

    public const string DropPart = "delete from chat_farewells where id = @id";

    public const string Purged = "update deleted_chats set purged_at = clock_timestamp() where chat_id = @chatId";

    /// <summary>Each deletes up to <c>@limit</c> rows, and says how many, that are kept of a chat; all of them are found by the beginning of a key.</summary>
    public static readonly string[] OfChats =
    [
        DropOf("message_changes"), DropOf("message_edits"), DropOf("message_reactions"), DropOf("mentions"), DropOf("quiet_events"),
        DropOf("search_words"), DropOf("receipt_minutes"), DropOf("invites"), DropOf("members"), DropOf("admin_only_chats"),
    ];

    /// <summary>Each deletes up to <c>@limit</c> rows, and says how many, of what the people of the part <c>@id</c> keep of a chat for themselves.</summary>
    public static readonly string[] OfPeople = [DropOwn("starred_messages"), DropOwn("hidden_messages"), DropOwn("drafts")];

    private static string DropOf(string table) => $"""
        with gone as (
            delete from {table} where ctid = any(array(select ctid from {table} where chat_id = @chatId limit @limit)) returning 1
        )
        select count(*) from gone
        """;

    private static string DropOwn(string table) => $"""
        with gone as (
            delete from {table} where ctid = any(array(
                select ctid from {table}
                where principal_id = any((select principal_ids from chat_farewells where id = @id)::bigint[]) and chat_id = @chatId limit @limit))
            returning 1
        )
        select count(*) from gone
        """;
}

using Chat.Storage.Media;

namespace Chat.Storage.Messages;

/// <summary>Statements of <see cref="MessageChangeStore"/>.</summary>
internal static class MessageChangeSql
{
    /// <summary>
    /// One row with all that a change is judged by; the chat is locked. "Known" is the event that was stored under the same id. Every table is
    /// reached by its key, but for the members of the chat, who are looked through when a text is changed, up to the first who came later.
    /// </summary>
    public const string Judge = """
        select known.sequence as "KnownSequence", known.kind as "KnownKind", known.target_sequence as "KnownTarget",
            coalesce(known.body, known.attributes->>'withheld') as "KnownText",
            floor(extract(epoch from known.created_at) * 1000)::bigint as "KnownAtMs",
            m.role as "Role", target.sender_id as "AuthorId", extract(epoch from clock_timestamp() - target.created_at)::float8 as "AgeSeconds",
            c.deleted_at is not null as "IsDeleted", c.pinned_at is not null as "IsPinned", c.reactions::text as "Reactions",
            own.emoji as "OwnEmoji", own.event_sequence as "OwnEvent",
            @kind = 10 and exists (
                select from members late
                where late.chat_id = @chatId and late.left_at_sequence is null and late.joined_at_sequence > @target) as "HasLateMembers"
        from (select) one
        left join events known on known.chat_id = @chatId and known.sender_id = @actorId and known.client_message_id = @id
        left join members m on m.chat_id = @chatId and m.principal_id = @actorId and m.left_at_sequence is null
        left join events target on target.chat_id = @chatId and target.sequence = @target and target.kind = 1 and exists (
            select from members past where past.chat_id = @chatId and past.principal_id = @actorId
                and @target between past.joined_at_sequence and coalesce(past.left_at_sequence, @target))
        left join message_changes c on c.chat_id = @chatId and c.sequence = @target
        left join message_reactions own on own.chat_id = @chatId and own.sequence = @target and own.principal_id = @actorId
        """;

    public const string Edit = """
        insert into message_changes (chat_id, sequence, as_of, edited_as, edited_at) values (@chatId, @target, @at, @at, @time)
        on conflict (chat_id, sequence) do update set as_of = @at, edited_as = @at, edited_at = @time
        """;

    public const string NoteEdit = "insert into message_edits (chat_id, message_sequence, edit_sequence) values (@chatId, @target, @at)";

    /// <summary>Reactions and a pin go with the message.</summary>
    public const string Delete = """
        insert into message_changes (chat_id, sequence, as_of, deleted_by, deleted_at) values (@chatId, @target, @at, @actorId, @time)
        on conflict (chat_id, sequence) do update
        set as_of = @at, deleted_by = @actorId, deleted_at = @time, pinned_by = null, pinned_at = null, reactions = null
        """;

    public const string DropReactions = "delete from message_reactions where chat_id = @chatId and sequence = @target";

    // Before the next statement, which then sees what a message in another chat that shows the file committed meanwhile.
    public const string LockFile = """
        select b.id from blobs b where b.id = (select s.blob_id from blob_messages s where s.chat_id = @chatId and s.sequence = @target) for update
        """;

    /// <summary>The last message that shows a file takes it along, unless one is scheduled that will.</summary>
    public const string DropFile = $"""
        with shown as (
            delete from blob_messages where chat_id = @chatId and sequence = @target returning blob_id
        ), gone as (
            update blobs b set state = 3, deleted_at = clock_timestamp() from shown
            where b.id = shown.blob_id and b.state = 2
                and not exists (select from blob_messages o where o.blob_id = b.id and (o.chat_id, o.sequence) <> (@chatId, @target))
                and not exists (select from scheduled_messages w where w.blob_id = b.id)
            returning b.id, b.owner_id, b.object_id, b.bytes
        ), {DeletedBlobs.Release}
        """;

    public const string React = """
        insert into message_changes (chat_id, sequence, as_of, reactions) values (@chatId, @target, @at, @reactions::jsonb)
        on conflict (chat_id, sequence) do update set as_of = @at, reactions = excluded.reactions
        """;

    public const string NoteReaction = """
        insert into message_reactions (chat_id, sequence, principal_id, emoji, event_sequence, author_id, reacted_at)
        values (@chatId, @target, @actorId, @emoji, @at, nullif(@authorId, @actorId), case when @authorId <> @actorId then @timeMs end)
        on conflict (chat_id, sequence, principal_id) do update set emoji = excluded.emoji, event_sequence = excluded.event_sequence,
            author_id = excluded.author_id, reacted_at = excluded.reacted_at
        """;

    public const string Pin = """
        insert into message_changes (chat_id, sequence, as_of, pinned_by, pinned_at) values (@chatId, @target, @at, @actorId, @time)
        on conflict (chat_id, sequence) do update set as_of = @at, pinned_by = @actorId, pinned_at = @time
        """;

    public const string Unpin = """
        update message_changes set as_of = @at, pinned_by = null, pinned_at = null where chat_id = @chatId and sequence = @target
        """;

    public const string CountPins = "select count(*) from message_changes where chat_id = @chatId and pinned_at is not null";

    public const string AsOf = "select as_of from message_changes where chat_id = @chatId and sequence = @target";

    public const string ListReactions = """
        select r.principal_id, r.emoji from message_reactions r
        where r.chat_id = $1 and r.sequence = $2 and r.principal_id > $4 and r.emoji is not null and exists (
            select from members v where v.chat_id = $1 and v.principal_id = $3 and v.left_at_sequence is null)
        and exists (
            select from members v where v.chat_id = $1 and v.principal_id = $3
                and $2 between v.joined_at_sequence and coalesce(v.left_at_sequence, $2))
        order by r.principal_id limit $5
        """;
}

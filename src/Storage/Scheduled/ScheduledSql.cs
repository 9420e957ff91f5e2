using Chat.Storage.ChatLog;

namespace Chat.Storage.Scheduled;

/// <summary>Pieces of SQL that both sides of scheduled messages use: their owner's and that of who sends them.</summary>
internal static class ScheduledSql
{
    /// <summary>Of a row <c>s</c>.</summary>
    public const string Columns = """
        s.id as "Id", s.sender_id as "SenderId", s.chat_id as "ChatId", s.client_message_id as "ClientMessageId", s.state as "State",
            s.body as "Text", s.reply_to as "ReplyTo", s.content::text as "Content",
            floor(extract(epoch from s.due_at) * 1000)::bigint as "DueAtMs", floor(extract(epoch from s.created_at) * 1000)::bigint as "CreatedAtMs",
            floor(extract(epoch from s.changed_at) * 1000)::bigint as "ChangedAtMs", s.version as "Version", s.reason as "Reason",
            s.sequence as "Sequence", s.digest as "Digest"
        """;

    /// <summary>Ends a message: nothing of what it says stays.</summary>
    public const string Forget = "body = null, reply_to = null, content = null, blob_id = null, next_at = null, reason = null";

    public const string SentKept = "interval '7 days'";

    public const string FailedKept = "interval '30 days'";

    /// <summary>What the chat log would say of the message just now: a number of <see cref="AppendStatus"/>.</summary>
    public const string Judge = $"""
        select case
            when exists (
                select from events where chat_id = i.chat_id and sender_id = i.sender_id and client_message_id = @clientMessageId) then 4
            {AppendSql.Refusals}
            else 0 end::smallint
        from (select @chatId as chat_id, @senderId as sender_id, @replyTo::bigint as target_sequence) i
        left join chats c on c.id = i.chat_id
        left join members m on m.chat_id = i.chat_id and m.principal_id = i.sender_id and m.left_at_sequence is null
        """;

    /// <summary>What waits to be sent to a chat that was deleted; what is being sent is refused by the chat itself. Their owners' inboxes are locked.</summary>
    public const string FailOfChat = $"""
        update scheduled_messages set state = 3, next_at = null, reason = @reason, changed_at = clock_timestamp(), version = version + 1,
            gone_at = clock_timestamp() + {FailedKept}
        where chat_id = @chatId and sender_id = any(@ids) and state = 1
        returning id as "Id", sender_id as "SenderId"
        """;

    /// <summary>The job that deletes files finds the row locked and passes it by, or has deleted it before.</summary>
    public const string LockFile = """
        select true from blobs where id = @blobId and state = 2 and (expires_at is null or expires_at > clock_timestamp())
        for no key update
        """;

    /// <summary>A file that no message shows yet is kept as if one did.</summary>
    public const string KeepFile = """
        update blobs set expires_at = kept_until where id = @blobId and owner_id = @senderId and state = 2 and not was_shown
        """;

    /// <summary>Files for which no scheduled message waits any more, and that no message shows, go the way of one that nobody has shown.</summary>
    public const string FreeFiles = """
        update blobs b set expires_at = least(b.kept_until, clock_timestamp() + @unshownFor)
        where b.id = any(@blobIds) and b.state = 2
            and (not b.was_shown or not exists (select from blob_messages e where e.blob_id = b.id))
            and not exists (select from scheduled_messages o where o.blob_id = b.id)
        """;
}

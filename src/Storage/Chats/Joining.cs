namespace Chat.Storage.Chats;

/// <summary>
/// Lets somebody into a group or channel at their own wish, or ends that they are in a channel; in a transaction that holds the chat and the
/// person's inbox locked.
/// </summary>
internal static class Joining
{
    private const string IsMember = """
        select exists (select from members where chat_id = @chatId and principal_id = @principalId and left_at_sequence is null)
        """;

    private const string CountRemoved = """
        select count(distinct principal_id) from members where chat_id = @chatId and principal_id = any(@ids) and removed
        """;

    private const string Forgive = "update members set removed = false where chat_id = @chatId and principal_id = any(@ids) and removed";

    private const string Insert = """
        insert into members (chat_id, principal_id, role, joined_at_sequence, delivered_up_to, read_up_to)
        values (@chatId, @principalId, 1, @joined, @seen, @seen)
        """;

    // Who subscribes sees all that was written before. Visible is what lies in an interval of membership, so there are two of them: one that
    // reaches from the beginning to the present head, and the membership behind it. There are never more, however often somebody comes and goes.
    private const string Reach = """
        insert into members (chat_id, principal_id, role, joined_at_sequence, left_at_sequence, delivered_up_to, read_up_to)
        values (@chatId, @principalId, 1, 1, @head, @head, @head)
        on conflict (chat_id, principal_id, joined_at_sequence) do update
        set left_at_sequence = excluded.left_at_sequence, role = 1, removed = false
        """;

    private const string Subscribe = """
        insert into members (chat_id, principal_id, role, joined_at_sequence, delivered_up_to, read_up_to, cleared_up_to)
        select @chatId, @principalId, 1, @head + 1, @head, @head, past.cleared_up_to
        from members past where past.chat_id = @chatId and past.principal_id = @principalId and past.joined_at_sequence = 1
        """;

    private const string Unsubscribe = """
        with gone as (
            delete from members
            where chat_id = @chatId and principal_id = @principalId and left_at_sequence is null and joined_at_sequence > 1
            returning cleared_up_to
        )
        update members set left_at_sequence = @head, removed = @removed,
            cleared_up_to = greatest(cleared_up_to, coalesce((select cleared_up_to from gone), 0))
        where chat_id = @chatId and principal_id = @principalId and joined_at_sequence = 1
        """;

    /// <summary>
    /// A group tells everybody in it who came. A channel does not: its log would be a list of names, and each of them a push to all; the
    /// person's own inbox tells their devices (ADR 0020).
    /// </summary>
    /// <param name="maxMembers">Most members of a group.</param>
    public static async Task<MembershipStatus> EnterAsync(
        ChatTransaction transaction, (long ChatId, long PrincipalId, long Inbox) who, int maxMembers, CancellationToken ct)
    {
        (long chatId, long principalId, long inbox) = who;
        LockedChat chat = transaction.Find(chatId)!;
        if (chat.IsDeleted) return MembershipStatus.InviteNotFound; // after it was looked for
        if (await transaction.ScalarAsync<bool>(IsMember, new { chatId, principalId }, ct)) return MembershipStatus.AlreadyThere;
        if (await CountRemovedAsync(transaction, chatId, [principalId], ct) > 0) return MembershipStatus.Removed;
        if (chat.Kind == ChatKinds.Channel)
        {
            await SubscribeAsync(transaction, who, principalId, ct);
            return MembershipStatus.Done;
        }

        if (chat.MemberCount >= maxMembers) return MembershipStatus.TooManyMembers;
        long joined = transaction.Add(chatId, EventKinds.MemberAdded, principalId, principalId, MemberRoles.Member);
        await transaction.ExecuteAsync(Insert, new { chatId, principalId, joined, seen = joined }, ct);
        chat.MemberCount++;
        transaction.Add(inbox, EventKinds.ChatAdded, principalId, chatId);
        return MembershipStatus.Done;
    }

    /// <summary>Lets somebody who is not in a channel read it.</summary>
    public static async Task SubscribeAsync(
        ChatTransaction transaction, (long ChatId, long PrincipalId, long Inbox) who, long actorId, CancellationToken ct)
    {
        (long chatId, long principalId, long inbox) = who;
        LockedChat chat = transaction.Find(chatId)!;
        await transaction.ExecuteAsync(Reach, new { chatId, principalId, head = chat.Head }, ct);
        await transaction.ExecuteAsync(Subscribe, new { chatId, principalId, head = chat.Head }, ct);
        chat.MemberCount++;
        transaction.Add(inbox, EventKinds.ChatAdded, actorId, chatId);
    }

    /// <summary>How many of them an admin removed, and none has taken back since.</summary>
    public static Task<long> CountRemovedAsync(ChatTransaction transaction, long chatId, long[] ids, CancellationToken ct) =>
        transaction.ScalarAsync<long>(CountRemoved, new { chatId, ids }, ct);

    /// <summary>Takes back that they were removed; for an admin who adds them.</summary>
    public static Task ForgiveAsync(ChatTransaction transaction, long chatId, long[] ids, CancellationToken ct) =>
        transaction.ExecuteAsync(Forgive, new { chatId, ids }, ct);

    /// <summary>
    /// Ends a subscription; the person goes on seeing what was written until now. The event of the inbox carries the end. Whom an admin
    /// removes is to see nothing that comes after, whatever becomes of the inbox's event on its way: that takes a place in the log (ADR 0020).
    /// </summary>
    public static async Task LeaveChannelAsync(
        ChatTransaction transaction, (long ChatId, long PrincipalId, long Inbox) who, long actorId, CancellationToken ct)
    {
        (long chatId, long principalId, long inbox) = who;
        LockedChat chat = transaction.Find(chatId)!;
        if (actorId != principalId) transaction.Add(chatId, EventKinds.ReaderRemoved, actorId, principalId);
        await transaction.ExecuteAsync(Unsubscribe, new { chatId, principalId, head = chat.Head, removed = actorId != principalId }, ct);
        await transaction.ExecuteAsync(MembershipSql.DropDraft, new { chatId, principalId }, ct);
        chat.MemberCount--;
        transaction.Add(inbox, EventKinds.ChatRemoved, actorId, chatId, target: chat.Head + 1);
    }
}

using Chat.Storage.Calls;
using Chat.Storage.Scheduled;
using Npgsql;

namespace Chat.Storage.Chats;

/// <summary>
/// Deletes groups and channels for everyone (ADR 0035). The deletion is one transaction that holds the chat: the event that says so, the end
/// of all memberships and of the live call. The inboxes of those who were there are told behind it, some at a time. Thread-safe.
/// </summary>
public sealed class ChatDeletionStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    /// <summary>People who are told in one transaction: as many inboxes are locked, and as many events pushed, at once.</summary>
    public const int PeopleAtOnce = 100;

    /// <summary>Somebody may come to the call between the look at who is in it and the lock; the next look sees them.</summary>
    private const int MaxLooks = 5;

    /// <summary>
    /// Done when this call deleted the chat, AlreadyThere when another did before and the actor could have. A chat that the actor is not
    /// in, or was not in as an admin to its end, is ChatNotFound.
    /// </summary>
    public async Task<MembershipOutcome> DeleteAsync(long chatId, long actorId, CancellationToken ct)
    {
        for (int looks = 0; looks < MaxLooks; looks++)
        {
            if (await ChatTransaction.RepeatAsync(() => TryDeleteAsync(chatId, actorId, ct)) is { } known) return known;
        }

        throw new TimeoutException("People came to a call faster than it could be ended."); // told as a database that does not answer
    }

    /// <summary>
    /// Tells the inboxes of the next few who were in a deleted chat to its end. For them and for who had left it before, this ends what they
    /// began to write there, what they wanted to be sent there later, and their stars. Any number of nodes may do so at once.
    /// </summary>
    /// <param name="chatId">Only of this chat; null for any.</param>
    /// <param name="reason">The number of the error with which scheduled messages fail.</param>
    /// <returns>False when nobody is left to be told, or another node tells the rest.</returns>
    public Task<bool> TellNextAsync(long? chatId, short reason, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        Farewell? next = (await transaction.QueryAsync<Farewell>(ChatDeletionSql.NextUntold, new { chatId }, ct)).SingleOrDefault();
        if (next is null) return false;

        Dictionary<long, long> inboxes = (await transaction.QueryAsync<Owner>(ChatDeletionSql.Owners, new { next.Id }, ct))
            .ToDictionary(owner => owner.Id, owner => owner.InboxChatId);
        var keys = new { chatId = next.ChatId, ids = inboxes.Keys.ToArray(), reason };
        await transaction.LockAsync(inboxes.Values, ct);
        await transaction.ExecuteAsync(ChatDeletionSql.DropDrafts, keys, ct);
        await transaction.ExecuteAsync(ChatDeletionSql.DropStars, keys, ct);
        foreach (FailedMessage failed in await transaction.QueryAsync<FailedMessage>(ScheduledSql.FailOfChat, keys, ct))
            transaction.Add(inboxes[failed.SenderId], EventKinds.ScheduledChanged, failed.SenderId, next.ChatId, target: failed.Id);
        foreach (long inbox in next.WasThere ? inboxes.Values : Enumerable.Empty<long>())
            transaction.Add(inbox, EventKinds.ChatRemoved, next.DeletedBy, next.ChatId, text: "deleted");
        await transaction.ExecuteAsync(ChatDeletionSql.Told, new { next.Id }, ct);
        await transaction.CommitAsync(sink, ct);
        return true;
    });

    private async Task<MembershipOutcome?> TryDeleteAsync(long chatId, long actorId, CancellationToken ct)
    {
        var who = new { chatId, actorId };
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        if (await JudgeAsync(transaction, who, ct) is null) return await RefuseAsync(transaction, who, ct); // a stranger locks nobody

        long? live = await transaction.ScalarAsync<long?>(CallSql.FindLive, who, ct);
        IEnumerable<long> inboxes =
            live is null ? [] : await transaction.QueryAsync<long>(CallSql.SeatInboxes, new { callId = live }, ct);
        await transaction.LockAsync([chatId, .. inboxes], ct);
        if (await JudgeAsync(transaction, who, ct) is not { } role) return await RefuseAsync(transaction, who, ct); // before the lock it was
        LockedChat chat = transaction.Find(chatId)!;
        if (chat.Kind is not (ChatKinds.Group or ChatKinds.Channel)) return new MembershipOutcome(MembershipStatus.NotDeletable, 0);
        if (role != MemberRoles.Admin) return new MembershipOutcome(MembershipStatus.NotAllowed, 0);
        if (await transaction.ScalarAsync<long?>(CallSql.FindLive, who, ct) is { } callId)
        {
            if (callId != live || await LockedCall.ReadAsync(transaction, callId, ct) is not { } call) return null;
            await call.EndAsync(); // while they are members, who are told
        }

        (chat.Name, chat.MemberCount) = (null, 0);
        long sequence = transaction.Add(chatId, EventKinds.ChatDeleted, actorId);
        if (chat.Kind == ChatKinds.Group) await transaction.ExecuteAsync(ChatDeletionSql.KeepDepartures, who, ct); // nobody calls in a channel
        await transaction.ExecuteAsync(
            ChatDeletionSql.EndMemberships, new { chatId, actorId, sequence, perPart = PeopleAtOnce }, ct);
        await transaction.ExecuteAsync(ChatDeletionSql.Mark, who, ct);
        await transaction.CommitAsync(sink, ct);
        return new MembershipOutcome(MembershipStatus.Done, chatId);
    }

    private static Task<short?> JudgeAsync(ChatTransaction transaction, object who, CancellationToken ct) =>
        transaction.ScalarAsync<short?>(ChatDeletionSql.Judge, who, ct);

    private static async Task<MembershipOutcome?> RefuseAsync(ChatTransaction transaction, object who, CancellationToken ct) =>
        await transaction.ScalarAsync<bool>(ChatDeletionSql.CouldDelete, who, ct)
            ? new MembershipOutcome(MembershipStatus.AlreadyThere, 0)
            : new MembershipOutcome(MembershipStatus.ChatNotFound, 0);

    private sealed record Farewell(long Id, long ChatId, long DeletedBy, bool WasThere);

    private sealed record Owner(long Id, long InboxChatId);

    private sealed record FailedMessage(long Id, long SenderId);
}

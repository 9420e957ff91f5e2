using Chat.Storage.Chats;
using Npgsql;

namespace Chat.Storage.People;

/// <summary>
/// A private change of one person: done while the person's inbox is locked, and told to their devices as an event of it (D11). Changes of
/// one person therefore come one after another, and every device reads the result of the last.
/// </summary>
internal static class InboxChange
{
    private const string FindInboxes = "select id, inbox_chat_id as \"InboxChatId\" from principals where id = any(@ids)";

    /// <param name="otherId">The other person of the change, whose inbox is locked too; null when there is none.</param>
    /// <param name="kind">The kind of the event.</param>
    /// <param name="change">Runs in the transaction; only after <see cref="PeopleStatus.Done"/> is anything kept.</param>
    /// <param name="ct">Ends the wait; a commit that has begun is not ended.</param>
    public static Task<PeopleStatus> ExecuteAsync(
        (NpgsqlDataSource Source, ICommittedEvents Sink) storage,
        long principalId,
        long? otherId,
        short kind,
        Func<ChatTransaction, Task<PeopleStatus>> change,
        CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(storage.Source, ct);
        long[] ids = otherId is { } other ? [principalId, other] : [principalId];
        IEnumerable<InboxRow> rows = await transaction.QueryAsync<InboxRow>(FindInboxes, new { ids }, ct);
        Dictionary<long, long> inboxes = rows.ToDictionary(row => row.Id, row => row.InboxChatId);
        if (inboxes.Count < ids.Length) return PeopleStatus.PrincipalNotFound;

        await transaction.LockAsync(inboxes.Values, ct);
        PeopleStatus status = await change(transaction);
        if (status != PeopleStatus.Done) return status;

        transaction.Add(inboxes[principalId], kind, principalId, otherId);
        await transaction.CommitAsync(storage.Sink, ct);
        return PeopleStatus.Done;
    });

    private sealed record InboxRow(long Id, long InboxChatId);
}

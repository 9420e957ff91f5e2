using Chat.Storage.Chats;
using Npgsql;

namespace Chat.Storage.Messages;

/// <summary>
/// Messages that somebody deleted for themselves alone: each is an event of the person's inbox, so that all their devices follow (D11).
/// Thread-safe.
/// </summary>
public sealed class HiddenStore(NpgsqlDataSource source, ICommittedEvents sink)
{
    private const string Judge = """
        select exists (
                select from events e where e.chat_id = @chatId and e.sequence = @sequence and e.kind = 1 and exists (
                    select from members v where v.chat_id = @chatId and v.principal_id = @principalId
                        and @sequence between v.joined_at_sequence and coalesce(v.left_at_sequence, @sequence) and @sequence > v.cleared_up_to)
            ) as "IsThere",
            exists (select from hidden_messages where principal_id = @principalId and chat_id = @chatId and sequence = @sequence) as "IsHidden",
            exists (select from starred_messages where principal_id = @principalId and chat_id = @chatId and sequence = @sequence) as "IsStarred"
        """;

    private const string Insert = """
        insert into hidden_messages (principal_id, chat_id, sequence, event_sequence) values (@principalId, @chatId, @sequence, @at)
        """;

    /// <summary>
    /// For the alias "e": the person did not delete the event for themselves. A sub-select with a value, because that is looked up by key for
    /// each row; "not exists" becomes a join over all that the person hid in the chat.
    /// </summary>
    /// <param name="person">The parameter that holds the person.</param>
    internal static string Shows(string person) => $"""
        (select h.sequence from hidden_messages h where h.principal_id = {person} and h.chat_id = e.chat_id and h.sequence = e.sequence) is null
        """;

    /// <summary>Hides a message for good, and takes the person's star of it away. False: there is no such message that the principal may see.</summary>
    public Task<bool> HideAsync(long principalId, long chatId, long sequence, CancellationToken ct) => ChatTransaction.RepeatAsync(async () =>
    {
        await using ChatTransaction transaction = await ChatTransaction.BeginAsync(source, ct);
        var keys = new { principalId, chatId, sequence };
        if (await transaction.LockInboxAsync(principalId, ct) is not { } inbox) return false;
        Judged judged = (await transaction.QueryAsync<Judged>(Judge, keys, ct)).Single();
        if (judged.IsHidden || !judged.IsThere) return judged.IsHidden;

        if (judged.IsStarred)
        {
            transaction.Add(inbox, EventKinds.Unstarred, principalId, chatId, target: sequence);
            await transaction.ExecuteAsync(StarStore.Delete, keys, ct);
        }

        long at = transaction.Add(inbox, EventKinds.Hidden, principalId, chatId, target: sequence);
        await transaction.ExecuteAsync(Insert, new { principalId, chatId, sequence, at }, ct);
        await transaction.CommitAsync(sink, ct);
        return true;
    });

    private sealed record Judged(bool IsThere, bool IsHidden, bool IsStarred);
}

using Chat.Storage.Chats;
using Chat.Storage.Messages;

namespace Chat.Domain.Messages;

/// <summary>Lists who reacted to a message with what, in the order of their ids.</summary>
public sealed class ListReactions(MessageChangeStore store, ChatStore chats)
{
    public const int MaxLimit = 256;

    /// <param name="after">The last person of the page before; null for the first page.</param>
    /// <returns>Nobody too for a message that a member of the chat may not see.</returns>
    public async Task<Result<ReactionPage>> ExecuteAsync(
        Caller caller, long chatId, long sequence, long? after, int? limit, CancellationToken ct)
    {
        int count = limit ?? MaxLimit;
        if (count is < 1 or > MaxLimit) return Failures.PageLimit(count, MaxLimit);

        IReadOnlyList<ReactionRow> rows = await store.ListReactionsAsync(chatId, sequence, caller.PrincipalId, after ?? 0, count + 1, ct);
        if (rows.Count == 0 && !await chats.IsMemberAsync(chatId, caller.PrincipalId, ct)) return Failures.ChatNotFound(chatId);
        return rows.Count > count ? new ReactionPage([.. rows.Take(count)], HasMore: true) : new ReactionPage(rows, HasMore: false);
    }
}

/// <summary>A page of who reacted.</summary>
public sealed record ReactionPage(IReadOnlyList<ReactionRow> Reactions, bool HasMore);

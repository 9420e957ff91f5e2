using Chat.Storage.Chats;
using Chat.Storage.Receipts;

namespace Chat.Domain.Receipts;

/// <summary>
/// Counts in what was read by writing and is not stored yet (protocol-spec.md §8.5). The lowest watermarks of a group's others stay as
/// they are stored: they are a lower bound, and <c>get_members</c> says more.
/// </summary>
internal static class OwnWatermarks
{
    public static async ValueTask<ChatRow> WithOwnMarksAsync(
        this ChatRow row, ReceiptWriter receipts, ChatStore chats, long principalId, CancellationToken ct)
    {
        // Not above the head: the row may be of a snapshot before the message.
        long own = Math.Min(receipts.FindOwn(row.ChatId, principalId), row.HeadSequence);
        if (own > row.ReadUpTo)
        {
            long unread = await CountUnreadAsync(row, Math.Max(own, row.Own?.ClearedUpTo ?? 0), chats, ct);
            row = row with { ReadUpTo = own, DeliveredUpTo = Math.Max(row.DeliveredUpTo, own), Unread = unread };
            if (row.Mentions is { } named && named.First <= own)
            {
                bool isAllRead = own == row.HeadSequence;
                row = row with { Mentions = isAllRead ? null : await chats.CountMentionsAsync(row.ChatId, principalId, own, row.HeadSequence, ct) };
            }
        }

        if (row.PeerId is not { } peerId) return row;

        long peer = Math.Min(receipts.FindOwn(row.ChatId, peerId), row.HeadSequence);
        return peer <= row.OthersReadUpTo
            ? row
            : row with { OthersReadUpTo = peer, OthersDeliveredUpTo = Math.Max(row.OthersDeliveredUpTo, peer) };
    }

    /// <summary>Rarely asked of storage: only of a chat in which something else than messages came before or after one's own of just now.</summary>
    private static async ValueTask<long> CountUnreadAsync(ChatRow row, long own, ChatStore chats, CancellationToken ct)
    {
        if (own == row.HeadSequence) return 0;
        bool allAreMessages = row.Unread == row.HeadSequence - row.ReadUpTo;
        return allAreMessages ? row.HeadSequence - own : await chats.CountUnreadAsync(row.ChatId, own, row.HeadSequence, ct);
    }

    public static MemberRow WithOwnMarks(this MemberRow row, ReceiptWriter receipts, long chatId)
    {
        long own = receipts.FindOwn(chatId, row.PrincipalId);
        return own <= row.ReadUpTo ? row : row with { ReadUpTo = own, DeliveredUpTo = Math.Max(row.DeliveredUpTo, own) };
    }
}

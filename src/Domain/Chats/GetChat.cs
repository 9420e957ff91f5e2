using Chat.Domain.Receipts;
using Chat.Storage.Chats;
using Chat.Storage.Receipts;

namespace Chat.Domain.Chats;

/// <summary>Shows one chat as the caller sees it.</summary>
public sealed class GetChat(ChatStore chats, ReceiptWriter receipts)
{
    public async Task<Result<ChatRow>> ExecuteAsync(Caller caller, long chatId, CancellationToken ct)
    {
        ChatRow? row = await chats.FindAsync(chatId, caller.PrincipalId, ct);
        return row is null ? Failures.ChatNotFound(chatId) : await row.WithOwnMarksAsync(receipts, chats, caller.PrincipalId, ct);
    }
}

using Chat.Domain.Receipts;
using Chat.Protocol.Codes;
using Chat.Protocol.Framing;
using Chat.Storage.Chats;
using Chat.Storage.Receipts;

namespace Chat.Domain.Chats;

/// <summary>Pages the members of a chat in the order of their ids.</summary>
public sealed class ListMembers(ChatStore chats, ReceiptWriter receipts)
{
    public async Task<Result<MemberPage>> ExecuteAsync(Caller caller, long chatId, long? after, int? limit, CancellationToken ct)
    {
        int count = limit ?? ProtocolLimits.MaxMembersLimit;
        if (count is < 1 or > ProtocolLimits.MaxMembersLimit)
            return Failures.PageLimit(count, ProtocolLimits.MaxMembersLimit);
        if (after < 0) return Failures.Invalid("after_principal_id", "after_principal_id is negative: send the last id of the page before.");

        MemberPage? page = await chats.ListMembersAsync(chatId, caller.PrincipalId, after ?? 0, count, ct);
        if (page is null) return Failures.ChatNotFound(chatId);
        if (!page.IsAllowed) return new Failure(ErrorCode.NotAllowed, "Only its admins see who is in a channel.", Field: "chat_id");
        return page with { Members = [.. page.Members.Select(Counted)] };

        MemberRow Counted(MemberRow member) =>
            page.IsChannel && member.PrincipalId != caller.PrincipalId ? member : member.WithOwnMarks(receipts, chatId);
    }
}

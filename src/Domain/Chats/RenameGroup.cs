using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>Lets an admin give a group another name.</summary>
public sealed class RenameGroup(MembershipStore memberships, GetChat getChat)
{
    public async Task<Result<ChatRow>> ExecuteAsync(Caller caller, long chatId, string? name, CancellationToken ct)
    {
        if (!TextRules.TryName(name, "name", out string? newName, out Failure? failure)) return failure;

        MembershipOutcome outcome = await memberships.RenameAsync(chatId, caller.PrincipalId, newName, ct);
        if (outcome.Status is not (MembershipStatus.Done or MembershipStatus.AlreadyThere))
            return Failures.FromMembership(outcome.Status, chatId, "chat_id");

        return await getChat.ExecuteAsync(caller, chatId, ct);
    }
}

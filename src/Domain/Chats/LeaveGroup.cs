using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>
/// Takes the caller out of a group or channel. When the last admin leaves a group, the longest-standing member becomes one; the last of
/// a channel cannot leave it.
/// </summary>
public sealed class LeaveGroup(MembershipStore memberships)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, long chatId, CancellationToken ct)
    {
        MembershipOutcome outcome = await memberships.LeaveAsync(chatId, caller.PrincipalId, ct);
        return outcome.Status is MembershipStatus.Done or MembershipStatus.AlreadyThere
            ? Done.Value
            : Failures.FromMembership(outcome.Status, chatId, "chat_id");
    }
}

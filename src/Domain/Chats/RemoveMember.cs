using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>Lets an admin remove somebody else from a group; oneself leaves.</summary>
public sealed class RemoveMember(MembershipStore memberships)
{
    private const string Field = "member_id";

    public async Task<Result<Done>> ExecuteAsync(Caller caller, long chatId, long memberId, CancellationToken ct)
    {
        if (memberId == caller.PrincipalId) return Failures.Invalid(Field, "member_id is your own: leave the group instead.");

        MembershipOutcome outcome = await memberships.RemoveMemberAsync(chatId, caller.PrincipalId, memberId, ct);
        return outcome.Status is MembershipStatus.Done or MembershipStatus.AlreadyThere
            ? Done.Value
            : Failures.FromMembership(outcome.Status, chatId, Field);
    }
}

using Chat.Protocol.Codes;
using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>Lets an admin make members admins and admins members .</summary>
public sealed class SetMemberRole(MembershipStore memberships)
{
    private const string Field = "member_id";

    public async Task<Result<Done>> ExecuteAsync(Caller caller, long chatId, long memberId, MemberRole role, CancellationToken ct)
    {
        if (role is not (MemberRole.Member or MemberRole.Admin))
            return Failures.Invalid("role", $"role {(int)role} does not exist: send 1 (member) or 2 (admin).");

        MembershipOutcome outcome = await memberships.SetRoleAsync(chatId, caller.PrincipalId, memberId, (short)role, ct);
        return outcome.Status is MembershipStatus.Done or MembershipStatus.AlreadyThere
            ? Done.Value
            : Failures.FromMembership(outcome.Status, chatId, Field);
    }
}

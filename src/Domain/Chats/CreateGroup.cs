using Chat.Domain.Limits;
using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>Makes a group with the caller as its admin and any number of first members within the limit .</summary>
public sealed class CreateGroup(MembershipStore memberships, GetChat getChat, RequestLimits limits)
{
    private const string Field = "member_ids";

    public async Task<Result<ChatRow>> ExecuteAsync(Caller caller, string? name, IReadOnlyList<long>? memberIds, CancellationToken ct)
    {
        if (!TextRules.TryName(name, "name", out string? groupName, out Failure? failure)) return failure;

        int maxMembers = limits.Settings.GroupMembers;
        List<long> others = MemberIds.Distinct(memberIds, except: caller.PrincipalId);
        if (others.Count + 1 > maxMembers) return Failures.TooManyMembers(Field, maxMembers);
        if (MemberIds.AnyImpossible(others)) return Failures.PrincipalNotFound(Field);

        MembershipOutcome outcome = await memberships.CreateGroupAsync(caller.PrincipalId, groupName, others, maxMembers, ct);
        if (outcome.Status != MembershipStatus.Done) return Failures.FromMembership(outcome.Status, outcome.ChatId, Field);

        return await getChat.ExecuteAsync(caller, outcome.ChatId, ct);
    }
}

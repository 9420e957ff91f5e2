using Chat.Domain.Limits;
using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>
/// Adds principals to a group, for whose role is enough there: all of them, or none. Whom an admin removed, an admin alone brings
/// back, into a channel too.
/// </summary>
public sealed class AddMembers(MembershipStore memberships, GetChat getChat, RequestLimits limits)
{
    private const string Field = "member_ids";

    public async Task<Result<ChatRow>> ExecuteAsync(Caller caller, long chatId, IReadOnlyList<long>? memberIds, CancellationToken ct)
    {
        int maxMembers = limits.Settings.GroupMembers;
        List<long> ids = MemberIds.Distinct(memberIds, except: 0);
        if (ids.Count == 0) return Failures.Invalid(Field, "member_ids is missing or empty: name at least one principal.");
        if (ids.Count >= maxMembers) return Failures.TooManyMembers(Field, maxMembers);
        if (MemberIds.AnyImpossible(ids)) return Failures.PrincipalNotFound(Field);

        MembershipOutcome outcome = await memberships.AddMembersAsync(chatId, caller.PrincipalId, ids, maxMembers, ct);
        if (outcome.Status is not (MembershipStatus.Done or MembershipStatus.AlreadyThere))
            return Failures.FromMembership(outcome.Status, chatId, Field);

        return await getChat.ExecuteAsync(caller, chatId, ct);
    }
}

using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>Gives the one direct chat of two principals, made now if there was none .</summary>
public sealed class OpenDirectChat(MembershipStore memberships, GetChat getChat)
{
    private const string Field = "principal_id";

    public async Task<Result<ChatRow>> ExecuteAsync(Caller caller, long principalId, CancellationToken ct)
    {
        if (principalId == caller.PrincipalId)
            return Failures.Invalid(Field, "principal_id is your own: a direct chat needs somebody else.");
        if (principalId <= 0) return Failures.PrincipalNotFound(Field);

        MembershipOutcome outcome = await memberships.OpenDirectAsync(caller.PrincipalId, principalId, ct);
        if (outcome.Status is not (MembershipStatus.Done or MembershipStatus.AlreadyThere))
            return Failures.FromMembership(outcome.Status, outcome.ChatId, Field);

        return await getChat.ExecuteAsync(caller, outcome.ChatId, ct);
    }
}

using Chat.Domain.Limits;
using Chat.Storage.People;

namespace Chat.Domain.People;

/// <summary>Takes a block back. Doing it twice is no failure; a block by the other one stays.</summary>
public sealed class UnblockPerson(BlockStore blocks, RequestLimits limits, PrivacyChanges changes)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, long otherId, CancellationToken ct)
    {
        if (ContactRules.JudgeOther(caller, otherId) is { } refused) return refused;
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;

        switch (await blocks.UnblockAsync(caller.PrincipalId, otherId, ct))
        {
            case PeopleStatus.PrincipalNotFound: return Failures.PrincipalNotFound("principal_id");
            case PeopleStatus.AlreadyThere: return Done.Value;
        }

        await changes.AnnounceAsync([caller.PrincipalId, otherId]);
        return Done.Value;
    }
}

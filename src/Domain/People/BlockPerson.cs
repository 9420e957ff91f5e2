using Chat.Domain.Limits;
using Chat.Storage.People;

namespace Chat.Domain.People;

/// <summary>
/// Blocks somebody: nothing passes between the two in their direct chat, and neither learns of the other's presence, typing,
/// receipts, avatar or text. Groups that both are in go on. The caller's devices learn of it from the inbox; the other one is never told.
/// Doing it twice is no failure. Counts as a look-up: the list of blocks names whom an id belongs to.
/// </summary>
public sealed class BlockPerson(BlockStore blocks, RequestLimits limits, PrivacyChanges changes)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, long otherId, CancellationToken ct)
    {
        if (ContactRules.JudgeOther(caller, otherId) is { } refused) return refused;
        if (limits.JudgeLookup(caller) is { } limited) return limited;

        switch (await blocks.BlockAsync(caller.PrincipalId, otherId, ContactRules.MaxBlocks, ct))
        {
            case PeopleStatus.PrincipalNotFound: return Failures.PrincipalNotFound("principal_id");
            case PeopleStatus.TooMany: return ContactRules.TooMany("blocked people", ContactRules.MaxBlocks);
            case PeopleStatus.AlreadyThere: return Done.Value;
        }

        await changes.AnnounceAsync([caller.PrincipalId, otherId]);
        return Done.Value;
    }
}

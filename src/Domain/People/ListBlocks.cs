using Chat.Storage.People;

namespace Chat.Domain.People;

/// <summary>Pages whom the caller has blocked, in the order of their ids.</summary>
public sealed class ListBlocks(BlockStore blocks)
{
    public async Task<Result<BlockPage>> ExecuteAsync(Caller caller, long? after, int? limit, CancellationToken ct)
    {
        if (ContactRules.JudgePage(after, limit) is { } refused) return refused;
        return await blocks.ListAsync(caller.PrincipalId, after ?? 0, limit ?? ContactRules.DefaultPage, ct);
    }
}

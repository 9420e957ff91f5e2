using Chat.Storage.Media;

namespace Chat.Domain.Media;

/// <summary>
/// Deletes files and uploads whose time is over, and from the blob store what no file needs any more. May be done again after half of it,
/// and by two nodes at once: rows are taken with their locks, and deleting twice does nothing.
/// </summary>
public sealed class ExpireBlobs(BlobGarbage garbage, BlobEraser eraser)
{
    /// <summary>A statement must end well within its five seconds.</summary>
    private const int BatchSize = 500;

    /// <returns>What was done, in a few words.</returns>
    public async Task<string> ExecuteAsync(CancellationToken ct)
    {
        long expired = 0;
        long some;
        do expired += some = await garbage.ExpireAsync(BatchSize, ct);
        while (some == BatchSize);

        long forgotten = 0;
        do forgotten += some = await garbage.ForgetAsync(BatchSize, ct);
        while (some == BatchSize);

        long erased = 0;
        while (await garbage.ListDueAsync(BatchSize, ct) is { Count: > 0 } due) erased += await eraser.EraseAsync(due, ct);

        return $"{expired} files and uploads over, {forgotten} rows taken out, {erased} objects erased";
    }
}

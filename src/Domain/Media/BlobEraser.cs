using Chat.Storage.Media;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Media;

/// <summary>Deletes from the blob store what no file needs any more. What fails stays on the list. Thread-safe, and so between
/// nodes.</summary>
public sealed class BlobEraser(BlobGarbage garbage, IBlobStore store, ILogger<BlobEraser> log)
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(10);

    /// <summary>Makes a name that came to nothing garbage, and deletes it.</summary>
    public async Task DiscardAsync(BlobName objectId)
    {
        // Not the caller's token: it may be what ended the upload.
        await garbage.DiscardAsync(objectId.Value, CancellationToken.None);
        await EraseAsync([objectId.Value], CancellationToken.None);
    }

    /// <summary>Deletes these from the store, which are garbage already; how many.</summary>
    public async Task<int> EraseAsync(IReadOnlyList<Guid> objectIds, CancellationToken ct)
    {
        List<Guid> erased = [];
        List<Guid> kept = [];
        foreach (Guid id in objectIds)
        {
            try
            {
                await store.DeleteAsync(new BlobName(id), ct);
                erased.Add(id);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                MediaLog.NotErased(log, id, fault);
                kept.Add(id);
            }
        }

        if (erased.Count > 0) await garbage.RemoveAsync(erased, ct);
        if (kept.Count > 0) await garbage.PostponeAsync(kept, AfterFailure, ct);
        MediaMetrics.Erased.Add(erased.Count);
        MediaMetrics.NotErased.Add(kept.Count);
        return erased.Count;
    }
}

using System.Collections.Concurrent;
using Chat.Domain.Limits;
using Chat.Storage.Media;

namespace Chat.Domain.Media;

/// <summary>
/// Makes a file of an upload whose parts have all come. May be repeated: a second time gives the file that there is. A file that is not
/// taken ends its upload.
/// </summary>
public sealed class CompleteUpload(
    FindUpload find, BlobTable blobs, ChunkTable chunks, BlobIntake intake, IBlobStore store, BlobEraser eraser, RequestLimits limits)
{
    private static readonly TimeSpan WhileItRuns = TimeSpan.FromSeconds(1);

    // Each writes the whole file once more: asked for a hundred times at once it must not fill the disk.
    private readonly ConcurrentDictionary<Guid, bool> _running = new();

    public async Task<Result<BlobRow>> ExecuteAsync(Caller caller, string blobId, CancellationToken ct)
    {
        if (limits.JudgePart(caller) is { } limited) return limited;

        Result<BlobRow> found = await find.RowAsync(caller, blobId, ct, orStored: true);
        if (!found.IsOk || found.Value.State == BlobStates.Stored) return found;

        if (!_running.TryAdd(found.Value.Id, true)) return Failures.Busy(WhileItRuns);
        try
        {
            return await MakeAsync(caller, blobId, found.Value, ct);
        }
        finally
        {
            _running.TryRemove(found.Value.Id, out _);
        }
    }

    private async Task<Result<BlobRow>> MakeAsync(Caller caller, string blobId, BlobRow upload, CancellationToken ct)
    {
        BlobName objectId = BlobName.Create();
        if (!await chunks.EnterWholeAsync(upload.Id, objectId.Value, ct)) return await WhyNotWholeAsync(caller, blobId, ct);

        bool taken = false;
        try
        {
            await using PartsStream parts = new(store, await chunks.ListAsync(upload.Id, ct));
            NewBlob blob = new(
                upload.Id, upload.OwnerId, upload.ChatId, upload.Purpose, ForChange: false, upload.FileName, upload.Bytes, objectId.Value);
            Result<BlobRow> stored = await intake.ExecuteAsync(blob, objectId, parts, ct);
            taken = stored.IsOk;
            if (taken) return stored;

            // Somebody else may have completed it meanwhile; otherwise what it is will not change by being sent again.
            Result<BlobRow> now = await find.RowAsync(caller, blobId, ct, orStored: true);
            if (now is { IsOk: true, Value.State: BlobStates.Stored }) return now;
            await blobs.DeleteAsync(upload.Id, CancellationToken.None);
            return stored;
        }
        finally
        {
            if (!taken) await eraser.DiscardAsync(objectId);
        }
    }

    /// <summary>Not all has come; or somebody completed it, or gave it up, since it was looked at.</summary>
    private async Task<Result<BlobRow>> WhyNotWholeAsync(Caller caller, string blobId, CancellationToken ct)
    {
        Result<BlobRow> now = await find.RowAsync(caller, blobId, ct, orStored: true);
        return !now.IsOk || now.Value.State == BlobStates.Stored ? now : MediaFailures.NotAllCame(now.Value.Received, now.Value.Bytes);
    }
}

using Chat.Storage.Media;

namespace Chat.Domain.Media;

/// <summary>Finds an upload of the caller's that is not finished. Thread-safe.</summary>
public sealed class FindUpload(BlobTable blobs)
{
    public async Task<Result<UploadState>> ExecuteAsync(Caller caller, string blobId, CancellationToken ct)
    {
        Result<BlobRow> found = await RowAsync(caller, blobId, ct);
        return found.IsOk ? UploadState.From(found.Value) : found.Failure;
    }

    /// <summary>Its row; one that is stored already only if <paramref name="orStored"/>.</summary>
    internal async Task<Result<BlobRow>> RowAsync(Caller caller, string blobId, CancellationToken ct, bool orStored = false)
    {
        if (!BlobName.TryParse(blobId, out BlobName name)) return MediaFailures.NotFound();

        BlobAccess? access = await blobs.FindAsync(name.Value, caller.PrincipalId, ct);
        bool fits = access?.Blob.State == BlobStates.Uploading || (orStored && access?.Blob.State == BlobStates.Stored);
        return fits && access!.Blob.OwnerId == caller.PrincipalId ? access.Blob : MediaFailures.NotFound();
    }
}

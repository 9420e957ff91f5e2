using Chat.Protocol.Codes;
using Chat.Storage.Media;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Media;

/// <summary>
/// Deletes a file, or gives up its upload: its owner may, and an admin of the group or channel that it was uploaded to, once it is shown. The
/// file of a status goes with the status only: else one would be left that shows nothing.
/// </summary>
public sealed class DeleteBlob(BlobTable blobs, BlobEraser eraser, ILogger<DeleteBlob> log)
{
    public async Task<Result<Done>> ExecuteAsync(Caller caller, string blobId, CancellationToken ct)
    {
        if (!BlobName.TryParse(blobId, out BlobName name)) return MediaFailures.NotFound();

        BlobAccess? access = await blobs.FindAsync(name.Value, caller.PrincipalId, ct);
        bool owns = access?.Blob.OwnerId == caller.PrincipalId;
        if (access is null or { Blob.State: BlobStates.Deleted } || (!owns && !access.IsShown)) return MediaFailures.NotFound();
        if (!owns && access.Blob.State == BlobStates.Uploading) return MediaFailures.NotFound();
        if (!owns && !access.IsAdmin)
        {
            return new Failure(
                ErrorCode.NotAllowed, "Only who uploaded the file, or an admin of its chat, may delete it.", Field: "blob_id");
        }

        if (access.IsShown && access.Blob.Purpose == (short)BlobPurpose.Status)
        {
            return new Failure(
                ErrorCode.NotAllowed, "A status shows the file: delete the status, and the file goes with it.", Field: "blob_id");
        }

        if (!await blobs.DeleteAsync(name.Value, ct)) return MediaFailures.NotFound();

        MediaLog.Deleted(log, name.Value, caller.PrincipalId);
        if (access.Blob.ObjectId is { } objectId) await eraser.EraseAsync([objectId], ct);
        return Done.Value;
    }
}

using Chat.Storage.Media;

namespace Chat.Domain.Media;

/// <summary>Makes room for a file that will come in parts, so that one that breaks off need not begin anew.</summary>
public sealed class BeginUpload(BlobReservation reservation, BlobTable blobs)
{
    public async Task<Result<UploadState>> ExecuteAsync(Caller caller, UploadInput input, CancellationToken ct)
    {
        Result<NewBlob> reserved = await reservation.ExecuteAsync(caller, input, objectId: null, ct);
        if (!reserved.IsOk) return reserved.Failure;

        BlobAccess? made = await blobs.FindAsync(reserved.Value.Id, caller.PrincipalId, ct);
        return made is null ? MediaFailures.NotFound() : UploadState.From(made.Blob);
    }
}

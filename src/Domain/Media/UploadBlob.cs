using Chat.Domain.Limits;
using Chat.Storage.Media;

namespace Chat.Domain.Media;

/// <summary>Takes a file that comes in one piece.</summary>
public sealed class UploadBlob(BlobReservation reservation, BlobIntake intake, BlobTable blobs, BlobEraser eraser)
{
    /// <param name="content">The file; read only when it may be taken, and not closed.</param>
    public async Task<Result<BlobRow>> ExecuteAsync(Caller caller, UploadInput input, Stream content, CancellationToken ct)
    {
        BlobName objectId = BlobName.Create();
        Result<NewBlob> reserved = await reservation.ExecuteAsync(caller, input, objectId, ct);
        if (!reserved.IsOk) return reserved.Failure;

        bool taken = false;
        try
        {
            Result<BlobRow> stored = await intake.ExecuteAsync(reserved.Value, objectId, content, ct);
            taken = stored.IsOk;
            return stored;
        }
        finally
        {
            if (!taken)
            {
                await blobs.DeleteAsync(reserved.Value.Id, CancellationToken.None);
                await eraser.EraseAsync([objectId.Value], CancellationToken.None);
            }
        }
    }
}

/// <summary>Takes room for a file, if the caller may upload it: by its rate, the rules of the kind, membership and quota.</summary>
public sealed class BlobReservation(BlobTable blobs, UploadRules rules, RequestLimits limits, MediaOptions options)
{
    /// <param name="objectId">Name in the blob store of what comes in one piece; null when it comes in parts.</param>
    public async Task<Result<NewBlob>> ExecuteAsync(Caller caller, UploadInput input, BlobName? objectId, CancellationToken ct)
    {
        if (!input.HasOwnRate && limits.JudgeUpload(caller) is { } limited) return limited;

        Result<NewBlob> judged = rules.Judge(caller, input, objectId);
        if (!judged.IsOk) return judged.Failure;

        long quota = options.QuotaBytes == 0 ? long.MaxValue : options.QuotaBytes;
        return await blobs.ReserveAsync(judged.Value, options.UploadLifetime, quota, ct) switch
        {
            ReserveStatus.Reserved => judged,
            ReserveStatus.ChatNotFound => Failures.ChatNotFound(input.ChatId ?? 0),
            ReserveStatus.Blocked => Failures.Blocked("chat_id"),
            ReserveStatus.NotAllowed => Failures.RoleNotAllowed(input.ChatId ?? 0),
            _ => MediaFailures.QuotaExceeded(quota),
        };
    }
}

using Chat.Domain.Limits;
using Chat.Storage.Media;

namespace Chat.Domain.Media;

/// <summary>
/// Takes one part of an upload: it counts when it is whole and begins where the upload ends. One that breaks off leaves nothing and is sent
/// again. Thread-safe, and so between nodes: of two parts at one place the first counts.
/// </summary>
public sealed class AddPart(FindUpload find, ChunkTable chunks, IBlobStore store, BlobEraser eraser, RequestLimits limits, MediaOptions options)
{
    /// <param name="content">The part; read only when it may count, and not closed.</param>
    /// <param name="bytes">Its declared length.</param>
    public async Task<Result<UploadState>> ExecuteAsync(
        Caller caller, string blobId, long offset, Stream content, long bytes, CancellationToken ct)
    {
        if (limits.JudgePart(caller) is { } limited) return limited;

        Result<BlobRow> found = await find.RowAsync(caller, blobId, ct);
        if (!found.IsOk) return found.Failure;

        BlobRow upload = found.Value;
        if (Judge(upload, offset, bytes) is { } failure) return failure;

        BlobName objectId = BlobName.Create();
        if (!await chunks.EnterAsync(upload.Id, new ChunkRow(objectId.Value, offset, bytes), ct))
            return await MismatchAsync(caller, blobId, ct);

        bool counts = false;
        try
        {
            long? stored = await store.StoreAsync(objectId, content, bytes, ct);
            if (stored != bytes) return Failures.Invalid("bytes", $"Other than the {bytes} bytes came that were announced.");

            long? received = await chunks.TakeAsync(upload.Id, objectId.Value, options.UploadLifetime, CancellationToken.None);
            counts = received is not null;
        }
        finally
        {
            if (!counts) await eraser.DiscardAsync(objectId);
        }

        return counts ? await find.ExecuteAsync(caller, blobId, ct) : await MismatchAsync(caller, blobId, ct);
    }

    private static Failure? Judge(BlobRow upload, long offset, long bytes)
    {
        if (offset != upload.Received) return MediaFailures.OffsetMismatch(upload.Received);
        if (bytes > UploadState.MaxPartBytes) return MediaFailures.PartTooLarge(UploadState.MaxPartBytes);
        if (offset + bytes > upload.Bytes) return MediaFailures.PartTooLarge(upload.Bytes - offset);
        bool isLast = offset + bytes == upload.Bytes;
        return bytes > 0 && (isLast || bytes >= UploadState.MinPartBytes)
            ? null
            : Failures.Invalid("bytes", $"A part that is not the last has at least {UploadState.MinPartBytes} bytes.");
    }

    private async Task<Failure> MismatchAsync(Caller caller, string blobId, CancellationToken ct)
    {
        Result<UploadState> now = await find.ExecuteAsync(caller, blobId, ct);
        return now.IsOk ? MediaFailures.OffsetMismatch(now.Value.Received) : now.Failure;
    }
}

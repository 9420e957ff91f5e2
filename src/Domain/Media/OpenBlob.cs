using Chat.Domain.Limits;
using Chat.Storage.Media;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Media;

/// <summary>Opens a file for who shows a link to it; who that is, is not asked.</summary>
public sealed class OpenBlob(BlobTable blobs, IBlobStore store, DownloadLinks links, RequestLimits limits, ILogger<OpenBlob> log)
{
    /// <param name="holder">Who the link was given to.</param>
    /// <returns>The file at its first byte, which the caller closes.</returns>
    public async Task<Result<OpenedBlob>> ExecuteAsync(
        string blobId, Caller holder, long expiresAt, string? signature, CancellationToken ct)
    {
        if (!BlobName.TryParse(blobId, out BlobName name)) return MediaFailures.NotFound();

        switch (links.Verify(name, holder, expiresAt, signature))
        {
            case LinkVerdict.Expired:
                return MediaFailures.LinkExpired();
            case LinkVerdict.Forged:
                return MediaFailures.NotFound();
            default:
                break;
        }

        if (limits.JudgeDownload(holder) is { } limited) return limited;
        if (await blobs.FindStoredAsync(name.Value, ct) is not { ObjectId: { } objectId } row) return MediaFailures.NotFound();
        if (await store.FindAsync(new BlobName(objectId), ct) is not { } content)
        {
            MediaLog.Missing(log, row.Id, objectId);
            return MediaFailures.NotFound();
        }

        MediaMetrics.Downloads.Add(1);
        return new OpenedBlob(row, content);
    }
}

/// <summary>A file that is being read.</summary>
/// <param name="Content">Seekable.</param>
public sealed record OpenedBlob(BlobRow Blob, Stream Content);

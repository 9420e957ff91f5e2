using Chat.Storage.Media;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Media;

/// <summary>
/// Takes the bytes of a file whose room is reserved: judges what they are, leaves out on the way into the store what they tell about their
/// maker, and makes the file what its readers see. Never has a file whole in memory. Thread-safe.
/// </summary>
public sealed class BlobIntake(BlobTable blobs, IBlobStore store, IBlobScanner scanner, MediaOptions options, ILogger<BlobIntake> log)
{
    /// <summary>Stores the file under a name that was entered for it.</summary>
    /// <param name="content">All of the file, read to its end and not closed.</param>
    /// <returns>The file as it is stored, or why it is not taken: then, as when this throws, nothing was made of it.</returns>
    public async Task<Result<BlobRow>> ExecuteAsync(NewBlob blob, BlobName objectId, Stream content, CancellationToken ct)
    {
        await using IncomingFile file = await IncomingFile.OpenAsync(content, ct);
        if (ContentSniffer.Judge(file.Head, BlobFileName.Extension(blob.FileName), out string type) != ContentVerdict.Allowed)
            return Refused(blob, MediaFailures.NotWhatItSays());

        if (ImagePixels.Of(file.Head, type) > options.MaxImagePixels)
            return Refused(blob, MediaFailures.TooManyPixels(options.MaxImagePixels));

        if (MetadataStrippers.Create(type) is { } stripper) file.Strip(stripper);
        long? stored = await store.StoreAsync(objectId, file, blob.Bytes + MetadataStrippers.MostAddedBytes, ct);
        if (!file.IsWhole) return Refused(blob, MediaFailures.NotWhatItSays());
        if (file.Pixels > options.MaxImagePixels) return Refused(blob, MediaFailures.TooManyPixels(options.MaxImagePixels));
        if (stored is not { } bytes || file.BytesRead != blob.Bytes)
            return Refused(blob, Failures.Invalid("bytes", $"Other than the {blob.Bytes} bytes came that were announced."));

        if (await FindVirusAsync(objectId, ct) is { } virus)
        {
            MediaLog.VirusFound(log, blob.Id, blob.OwnerId, virus);
            return Refused(blob, MediaFailures.VirusFound());
        }

        BlobPurpose purpose = (BlobPurpose)blob.Purpose;
        TimeSpan? unshownFor = purpose is BlobPurpose.Media or BlobPurpose.Status ? options.UploadLifetime : null;
        FinishedBlob finished = new(blob.Id, objectId.Value, type, blob.Bytes, bytes, KeptFor(purpose), unshownFor);
        // Not the caller's token: one that hangs up now must not leave in doubt what is stored.
        if (!await blobs.FinishAsync(finished, CancellationToken.None)) return MediaFailures.NotFound();

        MediaMetrics.Stored(bytes);
        MediaLog.Stored(log, blob.Id, blob.OwnerId, type, bytes);
        return await blobs.FindStoredAsync(blob.Id, ct) is { } row ? row : MediaFailures.NotFound();
    }

    /// <summary>Asks of what is stored, not of what comes: a scanner may be slower than a peer, and what was judged is what is
    /// kept.</summary>
    private async Task<string?> FindVirusAsync(BlobName objectId, CancellationToken ct)
    {
        if (scanner is NoScanner) return null; // the file need not be opened again

        await using Stream stored = await store.FindAsync(objectId, ct)
            ?? throw new IOException($"{objectId} was stored and is not there.");
        return await scanner.FindVirusAsync(stored, ct);
    }

    private Failure Refused(NewBlob blob, Failure failure)
    {
        MediaMetrics.Refused();
        MediaLog.Refused(log, blob.Id, blob.OwnerId, failure.Code);
        return failure;
    }

    /// <summary>How long a status's file is kept is said when the status is posted.</summary>
    private TimeSpan? KeptFor(BlobPurpose purpose) =>
        purpose == BlobPurpose.Media && options.Retention > TimeSpan.Zero ? options.Retention : null;
}

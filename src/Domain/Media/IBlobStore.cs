namespace Chat.Domain.Media;

/// <summary>
/// Keeps the bytes of files under random names. Who may read them is decided before it is asked. A blob is written once, whole, and never
/// changed. Thread-safe.
/// </summary>
public interface IBlobStore
{
    /// <summary>Stores a blob; when this returns a length, the blob survives a loss of power.</summary>
    /// <param name="name">A new name: names are random, and none is given twice.</param>
    /// <param name="content">Read to its end and not closed. When it throws, or on cancellation, nothing remains.</param>
    /// <param name="maxBytes">Most that is taken.</param>
    /// <returns>Bytes stored, or null when there were more than <paramref name="maxBytes"/>: then nothing remains.</returns>
    Task<long?> StoreAsync(BlobName name, Stream content, long maxBytes, CancellationToken ct);

    /// <summary>Opens a blob at its first byte, seekable for ranges; the caller closes it. Null when there is none.</summary>
    Task<Stream?> FindAsync(BlobName name, CancellationToken ct);

    /// <summary>Deletes a blob; nothing happens when there is none, so that a job may repeat it.</summary>
    Task DeleteAsync(BlobName name, CancellationToken ct);
}

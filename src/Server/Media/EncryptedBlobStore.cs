using Chat.Domain.Media;

namespace Chat.Server.Media;

/// <summary>Keeps blobs in another store encrypted, so that who has its disk, its backup or its bucket has nothing. Thread-safe.</summary>
/// <param name="key">32 bytes, the same on every node; without it the blobs are lost.</param>
internal sealed class EncryptedBlobStore(IBlobStore inner, byte[] key) : IBlobStore
{
    /// <inheritdoc/>
    public async Task<long?> StoreAsync(BlobName name, Stream content, long maxBytes, CancellationToken ct)
    {
        using BlobCipher cipher = BlobCipher.Create(key, name, out byte[] header);
        await using EncryptingStream encrypting = new(content, cipher, header);
        return await inner.StoreAsync(name, encrypting, BlobCipher.EncryptedLength(maxBytes), ct) is null ? null : encrypting.PlainBytes;
    }

    /// <inheritdoc/>
    public async Task<Stream?> FindAsync(BlobName name, CancellationToken ct)
    {
        if (await inner.FindAsync(name, ct) is not { } encrypted) return null;

        try
        {
            return await DecryptingStream.OpenAsync(key, name, encrypted, ct);
        }
        catch
        {
            await encrypted.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(BlobName name, CancellationToken ct) => inner.DeleteAsync(name, ct);
}

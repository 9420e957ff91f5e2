namespace Chat.Server.Media;

/// <summary>Where the bytes of files are kept. Section <c>Blobs</c>.</summary>
public sealed record BlobStoreOptions
{
    /// <summary>
    /// Folder for files, readable by the server's user alone; several nodes must share it. Default: <c>media</c> in the data directory.
    /// </summary>
    public string Directory { get; init; } = "";

    /// <summary>
    /// Key of 32 bytes, in base64, with which files are encrypted before they are kept (AES-256-GCM); the same on every node. Without it
    /// they cannot be read again. Set it before the first upload: what was stored without is not read with one. Default none: not encrypted.
    /// </summary>
    public byte[] EncryptionKey { get; init; } = [];

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (EncryptionKey.Length is not (0 or BlobCipher.KeyBytes))
        {
            yield return $"Blobs:EncryptionKey has {EncryptionKey.Length} bytes: give {BlobCipher.KeyBytes} random bytes in base64 "
                + "(openssl rand -base64 32), or leave it out.";
        }
    }
}

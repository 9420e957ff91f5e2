namespace Chat.Server.Media;

/// <summary>Where the bytes of files are kept. Section <c>Blobs</c>.</summary>
public sealed record BlobStoreOptions
{
    /// <summary>
    /// Folder for files, readable by the server's user alone; several nodes must share it. Default: <c>media</c> in the data directory.
    /// </summary>
    public string Directory { get; init; } = "";

    /// <summary>
    /// Address of an S3-compatible service that keeps the files in the place of the folder, such as
    /// <c>https://s3.eu-central-1.amazonaws.com</c>
    /// or <c>http://minio:9000</c>. Default none: the folder.
    /// </summary>
    public string S3Endpoint { get; init; } = "";

    /// <summary>The bucket there. It must exist.</summary>
    public string S3Bucket { get; init; } = "";

    /// <summary>What stands before every object's name in the bucket, such as <c>chat/</c>. Default nothing.</summary>
    public string S3Prefix { get; init; } = "";

    /// <summary>The region that requests are signed for. Default <c>us-east-1</c>, which most services take that have none.</summary>
    public string S3Region { get; init; } = "us-east-1";

    /// <summary>Id of the key with which requests are signed.</summary>
    public string S3AccessKey { get; init; } = "";

    /// <summary>The key's secret.</summary>
    public string S3SecretKey { get; init; } = "";

    /// <summary>
    /// Key of 32 bytes, in base64, with which files are encrypted before they are kept (AES-256-GCM); the same on every node. Without it
    /// they cannot be read again. Set it before the first upload: what was stored without is not read with one. Default none: not
    /// encrypted.
    /// </summary>
    public byte[] EncryptionKey { get; init; } = [];

    /// <summary>
    /// Where a clamd listens that looks for viruses in every file before it is taken: <c>host:port</c> or the path of its socket. Without a
    /// verdict no file is taken. Its StreamMaxLength must be as large as the largest file. Default none.
    /// </summary>
    public string ClamdAddress { get; init; } = "";

    /// <summary>
    /// False: while no connection to clamd comes about, files are taken that it has not seen; each is a warning in the log. A file of which
    /// clamd is asked and gives no verdict, such as one over its StreamMaxLength, is never taken. Default true.
    /// </summary>
    public bool ClamdRequired { get; init; } = true;

    /// <summary>How long clamd may take for a file. Default 60 s.</summary>
    public TimeSpan ClamdTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (EncryptionKey.Length is not (0 or BlobCipher.KeyBytes))
        {
            yield return $"Blobs:EncryptionKey has {EncryptionKey.Length} bytes: give {BlobCipher.KeyBytes} random bytes in base64 "
                + "(openssl rand -base64 32), or leave it out.";
        }

        if (S3Endpoint.Length > 0)
        {
            if (!Uri.TryCreate(S3Endpoint, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
                yield return $"Blobs:S3Endpoint is '{S3Endpoint}': set an address such as https://s3.example.com, or leave it out.";
            if (S3Bucket.Length == 0) yield return "Blobs:S3Bucket is empty: name the bucket for files.";
            if (S3AccessKey.Length == 0 || S3SecretKey.Length == 0)
                yield return "Blobs:S3AccessKey or Blobs:S3SecretKey is empty: set both, as the service gave them.";
        }
        else if (S3Bucket.Length > 0)
        {
            yield return "Blobs:S3Bucket is set without Blobs:S3Endpoint: set both, or none.";
        }

        if (ClamdAddress.Length > 0 && !ClamScanner.TryParse(ClamdAddress, out _))
            yield return $"Blobs:ClamdAddress is '{ClamdAddress}': set host:port, or the path of clamd's socket.";
        if (ClamdTimeout <= TimeSpan.Zero) yield return $"Blobs:ClamdTimeout is {ClamdTimeout}: set more than 00:00:00, such as 00:01:00.";
    }
}

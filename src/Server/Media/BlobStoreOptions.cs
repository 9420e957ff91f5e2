namespace Chat.Server.Media;

/// <summary>Where the bytes of files are kept. Section <c>Blobs</c>.</summary>
public sealed record BlobStoreOptions
{
    /// <summary>
    /// Folder for files, readable by the server's user alone; several nodes must share it. Default: <c>media</c> in the data directory.
    /// </summary>
    public string Directory { get; init; } = "";
}

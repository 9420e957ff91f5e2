using System.Buffers;
using Chat.Domain.Media;

namespace Chat.Server.Media;

/// <summary>
/// Keeps blobs as files of this machine: <c>ab/abcd…</c> under one directory, readable by the server's user alone. A blob is written
/// under another name, synced, and renamed when whole. Thread-safe. For several nodes the directory must be one that all share.
/// </summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class LocalBlobStore : IBlobStore
{
    private const int CopyBytes = 64 * 1024;
    private const string PartSuffix = ".part";
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    private readonly string _root;

    /// <param name="root">Made when it is not there.</param>
    public LocalBlobStore(string root)
    {
        _root = Path.GetFullPath(root);
        Directory.CreateDirectory(_root, OwnerDirectory);
    }

    /// <inheritdoc/>
    public async Task<long?> StoreAsync(BlobName name, Stream content, long maxBytes, CancellationToken ct)
    {
        string path = PathOf(name);
        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, OwnerDirectory);
            DirectorySync.Sync(_root);
        }

        // CreateNew: a link planted under this name is an error, never followed.
        string part = path + PartSuffix;
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            UnixCreateMode = OwnerFile,
            BufferSize = 0,
        };
        await using FileStream file = new(part, options);
        try
        {
            long? stored = await CopyAsync(content, file, maxBytes, ct);
            if (stored is not null)
            {
                // On a thread of its own turn: the disk may take its time with a large file.
                await Task.Run(
                    () =>
                    {
                        file.Flush(flushToDisk: true);
                        File.Move(part, path, overwrite: false);
                        DirectorySync.Sync(folder);
                    },
                    ct);
            }

            return stored;
        }
        finally
        {
            File.Delete(part); // nothing to delete once it was renamed
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> FindAsync(BlobName name, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult<Stream?>(new FileStream(
                PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, CopyBytes, FileOptions.Asynchronous));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(BlobName name, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        string path = PathOf(name);
        string part = path + PartSuffix; // of a server that was killed while it wrote
        if (!File.Exists(path) && !File.Exists(part)) return Task.CompletedTask;

        File.Delete(part);
        File.Delete(path);
        DirectorySync.Sync(Path.GetDirectoryName(path)!);
        return Task.CompletedTask;
    }

    private static async Task<long?> CopyAsync(Stream content, FileStream file, long maxBytes, CancellationToken ct)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            long copied = 0;
            int read;
            while ((read = await content.ReadAsync(buffer, ct)) > 0)
            {
                copied += read;
                if (copied > maxBytes) return null;

                await file.WriteAsync(buffer.AsMemory(0, read), ct);
            }

            return copied;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private string PathOf(BlobName name)
    {
        string text = name.ToString();
        if (name == default) throw new ArgumentException("A blob name that was never made has no file.", nameof(name));

        return Path.Combine(_root, text[..2], text);
    }
}

using Chat.Sdk.Connection;
using Chat.Sdk.Rest;

namespace Chat.Sdk;

/// <summary>Uploads files, gives links to them, reads and deletes them. Needs no connection. Thread-safe.</summary>
public sealed class FileTransfers
{
    private readonly FileRest _rest;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff = new(Random.Shared);

    internal FileTransfers(FileRest rest, TimeProvider time) => (_rest, _time) = (rest, time);

    /// <summary>
    /// Uploads a file in parts. A part that is not taken for a passing reason is sent again, for about half a minute; after that, and when
    /// cancelled, the upload waits a day at the service: <see cref="ResumeAsync"/> goes on with it, <see cref="DeleteAsync"/> gives it up.
    /// </summary>
    /// <param name="content">The file from where it stands; not closed.</param>
    /// <param name="file">What it is.</param>
    /// <param name="progress">Told after every part, and first when the upload has its name.</param>
    /// <param name="cancellationToken">Pauses.</param>
    /// <exception cref="ChatException"><c>blob_too_large</c>, <c>content_not_allowed</c>, <c>quota_exceeded</c>, <c>chat_not_found</c> and
    /// others.</exception>
    public async Task<UploadedFile> UploadAsync(
        Stream content, FileUpload file, IProgress<UploadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(file);
        if (file.Bytes is null && !content.CanSeek)
            throw new ArgumentException("The length of this stream is not known: give FileUpload.Bytes.", nameof(file));

        long bytes = file.Bytes ?? content.Length - content.Position;
        NewUploadBody body = new(file.Purpose, file.ChatId, file.FileName, bytes);
        UploadRun run = NewRun(content, file.PartBytes, progress);
        UploadAnswer begun = await run.Patience.InsistAsync(ct => _rest.BeginAsync(body, ct), cancellationToken).ConfigureAwait(false);
        return await run.FinishAsync(begun, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Goes on with an upload that was paused or broke off, in this run of the app or an earlier one.</summary>
    /// <param name="blobId">Its name, <see cref="UploadProgress.BlobId"/>.</param>
    /// <param name="content">The same file, from where it stood then; must be able to seek.</param>
    /// <param name="progress">Told after every part.</param>
    /// <param name="cancellationToken">Pauses again.</param>
    /// <exception cref="ChatException"><c>blob_not_found</c>: it is finished, was given up, or is another's.</exception>
    public async Task<UploadedFile> ResumeAsync(
        string blobId, Stream content, IProgress<UploadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!content.CanSeek)
            throw new ArgumentException("Only a stream that can seek can be sent from where it broke off.", nameof(content));

        UploadRun run = NewRun(content, FileUpload.DefaultPartBytes, progress);
        UploadAnswer found = await run.Patience.InsistAsync(ct => _rest.FindAsync(blobId, ct), cancellationToken).ConfigureAwait(false);
        return await run.FinishAsync(found, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A link that is good for a while, for a file that one may read.</summary>
    /// <exception cref="ChatException"><c>blob_not_found</c>: there is none for the caller, or it was deleted or has expired.</exception>
    public Task<FileLink> LinkAsync(string blobId, CancellationToken cancellationToken = default) =>
        _rest.LinkAsync(blobId, null, cancellationToken);

    /// <summary>The same for the picture of a group or channel that one looks at by an invite link before one is in it.</summary>
    /// <param name="invite">The link's code.</param>
    /// <exception cref="ChatException"><c>blob_not_found</c>: the chat has another picture, or the link lets nobody in any more.</exception>
    public Task<FileLink> LinkAsync(string blobId, string invite, CancellationToken cancellationToken = default) =>
        _rest.LinkAsync(blobId, invite, cancellationToken);

    /// <summary>Opens a file for reading from its first byte; the caller closes it.</summary>
    public async Task<Stream> OpenReadAsync(string blobId, CancellationToken cancellationToken = default)
    {
        FileLink link = await LinkAsync(blobId, cancellationToken).ConfigureAwait(false);
        return await _rest.OpenAsync(link.Url, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a file of one's own, or as an admin one of the group; or gives up an upload of one's own.</summary>
    public Task DeleteAsync(string blobId, CancellationToken cancellationToken = default) => _rest.DeleteAsync(blobId, cancellationToken);

    private UploadRun NewRun(Stream content, int partBytes, IProgress<UploadProgress>? progress) =>
        new(_rest, content, partBytes, progress, new UploadPatience(_time, _backoff));
}

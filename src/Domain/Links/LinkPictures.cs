using Chat.Domain.Media;
using Chat.Protocol.Frames.Elements;
using Chat.Storage;
using Chat.Storage.Media;

namespace Chat.Domain.Links;

/// <summary>Keeps pictures of pages as files of those who asked for them. Thread-safe.</summary>
public sealed class LinkPictures(UploadBlob upload)
{
    /// <summary>
    /// Null when it is not taken: its asker may not write there, has no room, the rules of files are against it, or files cannot be stored or looked
    /// through just now.
    /// </summary>
    internal async Task<WireMedia?> KeepAsync(Caller caller, long chatId, LinkImage picture, CancellationToken ct)
    {
        UploadInput input = new(BlobPurpose.Media, chatId, $"preview.{picture.Extension}", picture.Bytes.Length, HasOwnRate: true);
        using MemoryStream content = new(picture.Bytes, writable: false);
        Result<BlobRow> stored;
        try
        {
            stored = await upload.ExecuteAsync(caller, input, content, ct);
        }
        catch (Exception fault) when ((fault is IOException || DatabaseOutage.IsPassing(fault)) && !ct.IsCancellationRequested)
        {
            return null; // of the blob store, the scanner or the database: the words of the page are here
        }

        return stored.IsOk
            ? new WireMedia(
                $"{stored.Value.Id:N}", stored.Value.ContentType!, stored.Value.Bytes, null, picture.Width, picture.Height, null, null, [])
            : null;
    }
}

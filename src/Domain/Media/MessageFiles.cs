using Chat.Domain.Messages;
using Chat.Protocol.Frames.Elements;
using Chat.Storage.Media;

namespace Chat.Domain.Media;

/// <summary>
/// Says whether a sender may show a file in a message (protocol-spec.md §8.8): one's own that was uploaded for this chat, or, passed on, any
/// that one may read. What the message says of the file must be what its upload found, for receivers go by it. Thread-safe.
/// </summary>
public sealed class MessageFiles(BlobTable blobs)
{
    /// <summary>
    /// Null when the message may be stored; storing it is what opens the file to its readers. Of a file that goes between this answer and
    /// the message only the message remains.
    /// </summary>
    public async Task<Failure?> JudgeAsync(Caller caller, SendMessageInput input, WireMedia media, CancellationToken ct)
    {
        if (!BlobName.TryParse(media.BlobId, out BlobName name)) return MediaFailures.NotFound();

        BlobToSend file = await blobs.FindToSendAsync(name.Value, caller.PrincipalId, input.ChatId, input.ClientMessageId, ct);
        if (file.IsRetry) return null; // the log answers it as the first time, whatever became of the file

        bool isForwarded = input.Content?.Forwarded is not null;
        bool mayShow = isForwarded ? file.Owns || file.IsShown : file.Owns && file.IsHere;
        if (file.ContentType.Length == 0 || !mayShow) return MediaFailures.NotFound();

        return file.ContentType == media.ContentType && file.Bytes == media.Bytes
            ? null
            : Failures.Invalid("content", "content names a file with another content_type or bytes than it has: send what its upload answered.");
    }
}

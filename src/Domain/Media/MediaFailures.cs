using Chat.Protocol.Codes;

namespace Chat.Domain.Media;

/// <summary>The failures of files, so that one fault has one wording.</summary>
internal static class MediaFailures
{
    public static Failure NotFound() => new(
        ErrorCode.BlobNotFound, "There is no such file for you: it never was, is another's, was deleted or has expired.", Field: "blob_id");

    public static Failure TooLarge(long most) =>
        new(ErrorCode.BlobTooLarge, $"The file is too large: at most {most} bytes are taken of its kind.", Field: "bytes");

    public static Failure PartTooLarge(long most) =>
        new(ErrorCode.BlobTooLarge, $"The part is too large: send at most {most} bytes at once.", Field: "bytes");

    public static Failure KindNotTaken() => new(
        ErrorCode.ContentNotAllowed,
        "Files with this extension are not taken: images (jpg, png, gif, webp), video (mp4, mov, webm), "
            + "audio (mp3, m4a, ogg, opus, wav, weba) and documents (pdf, doc, docx) are.",
        Field: "file_name");

    public static Failure WrongForPurpose(BlobPurpose purpose) => new(
        ErrorCode.ContentNotAllowed,
        purpose == BlobPurpose.Status ? "A status is an image or a video." : "An avatar is an image.",
        Field: "file_name");

    public static Failure NotWhatItSays() =>
        new(ErrorCode.ContentNotAllowed, "The file is not what its extension says, or is damaged.", Field: "file_name");

    public static Failure TooManyPixels(long most) => new(
        ErrorCode.ContentNotAllowed, $"The image has too many pixels: at most {most} are taken. Make it smaller.", Field: "file_name");

    public static Failure VirusFound() =>
        new(ErrorCode.ContentNotAllowed, "A virus was found in the file.", Field: "file_name");

    public static Failure OffsetMismatch(long received) => new(
        ErrorCode.UploadOffsetMismatch, $"The upload has {received} bytes: send the part that begins there.", Field: "offset");

    public static Failure NotAllCame(long received, long bytes) => new(
        ErrorCode.UploadOffsetMismatch, $"Only {received} of {bytes} bytes have come: send the rest first.", Field: "offset");

    public static Failure QuotaExceeded(long quota) => new(
        ErrorCode.QuotaExceeded, $"Your files would take more than the {quota} bytes that they may: delete some first.");

    public static Failure LinkExpired() => new(ErrorCode.LinkExpired, "The link has expired: ask for a new one.");
}

using Chat.Storage.Media;

namespace Chat.Domain.Media;

/// <summary>Says what may be uploaded for which purpose, before a byte of it is read. Thread-safe.</summary>
public sealed class UploadRules(MediaOptions options)
{
    /// <summary>A row to reserve, or why there is none.</summary>
    /// <param name="objectId">Name in the blob store of what comes in one piece; null when it comes in parts.</param>
    public Result<NewBlob> Judge(Caller caller, UploadInput input, BlobName? objectId)
    {
        if (input.Purpose == BlobPurpose.None) return Failures.Invalid("purpose", "purpose is none: say what the file is for.");

        bool needsChat = input.Purpose is BlobPurpose.Media or BlobPurpose.ChatAvatar;
        if (needsChat && input.ChatId is null) return Failures.Invalid("chat_id", "chat_id is missing: say which chat the file is for.");
        if (!needsChat && input.ChatId is not null)
            return Failures.Invalid("chat_id", "chat_id goes with files of a chat only: leave it out.");
        if (string.IsNullOrEmpty(input.FileName))
            return Failures.Invalid("file_name", "file_name is missing: its extension says what the file is.");
        if (input.Bytes <= 0) return Failures.Invalid("bytes", "The file is empty: there is nothing to store.");

        string name = BlobFileName.Clean(input.FileName);
        string type = ContentSniffer.TypeOf(BlobFileName.Extension(name));
        if (type.Length == 0) return MediaFailures.KindNotTaken();
        if (!FitsPurpose(type, input.Purpose)) return MediaFailures.WrongForPurpose(input.Purpose);

        long most = MaxBytes(type, input.Purpose);
        if (input.Bytes > most) return MediaFailures.TooLarge(most);

        return new NewBlob(
            BlobName.Create().Value, caller.PrincipalId, input.ChatId, (short)input.Purpose, input.Purpose == BlobPurpose.ChatAvatar, name,
            input.Bytes, objectId?.Value);
    }

    private static bool FitsPurpose(string type, BlobPurpose purpose) => purpose switch
    {
        BlobPurpose.Media => true,
        BlobPurpose.Status => type.StartsWith("image/", StringComparison.Ordinal) || type.StartsWith("video/", StringComparison.Ordinal),
        _ => type.StartsWith("image/", StringComparison.Ordinal),
    };

    private long MaxBytes(string type, BlobPurpose purpose) => purpose switch
    {
        BlobPurpose.Avatar or BlobPurpose.ChatAvatar => options.MaxAvatarBytes,
        _ when type.StartsWith("image/", StringComparison.Ordinal) => options.MaxImageBytes,
        _ when type.StartsWith("video/", StringComparison.Ordinal) => options.MaxVideoBytes,
        _ when type.StartsWith("audio/", StringComparison.Ordinal) => options.MaxAudioBytes,
        _ => options.MaxDocumentBytes,
    };
}

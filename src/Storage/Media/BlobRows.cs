namespace Chat.Storage.Media;

/// <summary>Numbers of <c>blobs.state</c>. On disk: append, never edit.</summary>
public static class BlobStates
{
    public const short Uploading = 1;
    public const short Stored = 2;
    public const short Deleted = 3;
}

/// <summary>A file that is to come.</summary>
/// <param name="Id">Random, never used before.</param>
/// <param name="ChatId">The chat whose members will read it; null when it is its owner's alone.</param>
/// <param name="Purpose">Number of <c>blobs.purpose</c>.</param>
/// <param name="ForChange">Only who may change the chat may upload it; otherwise who may write there.</param>
/// <param name="Bytes">Declared size, more than zero.</param>
/// <param name="ObjectId">Name in the blob store that will be written; null when it comes in chunks.</param>
public sealed record NewBlob(
    Guid Id, long OwnerId, long? ChatId, short Purpose, bool ForChange, string FileName, long Bytes, Guid? ObjectId);

/// <summary>How a reservation ended.</summary>
public enum ReserveStatus
{
    Reserved,

    /// <summary>There is no such chat for the owner.</summary>
    ChatNotFound,

    /// <summary>The owner is in the chat and may not do this there.</summary>
    NotAllowed,

    /// <summary>A direct chat of which one has blocked the other.</summary>
    Blocked,

    /// <summary>The owner's files would take more than they may.</summary>
    OverQuota,
}

/// <summary>A row of <c>blobs</c>.</summary>
/// <param name="Bytes">Declared while it is uploading, then what is stored.</param>
/// <param name="Received">Bytes that have come in chunks.</param>
/// <param name="ContentType">Null until it is stored.</param>
/// <param name="ObjectId">Name in the blob store; null until it is stored.</param>
/// <param name="CreatedAtMs">Unix milliseconds.</param>
/// <param name="ExpiresAtMs">Unix milliseconds; null when it is kept.</param>
public sealed record BlobRow(
    Guid Id, long OwnerId, long? ChatId, short Purpose, short State, string FileName, string? ContentType, long Bytes, long Received,
    Guid? ObjectId, long CreatedAtMs, long? ExpiresAtMs);

/// <summary>A file and what somebody is to it.</summary>
/// <param name="IsShown">A message or status shows it which they may see, or it is a picture of a person, group or channel that is shown to them.</param>
/// <param name="IsAdmin">An admin of the group or channel that it was uploaded to.</param>
/// <param name="IsOver">Its time is over, and it is to be deleted.</param>
public sealed record BlobAccess(BlobRow Blob, bool IsShown, bool IsAdmin, bool IsOver);

/// <summary>A stored file of a chat, for a message that is to show it.</summary>
/// <param name="IsRetry">The sender's message of this id is stored already; nothing else matters then.</param>
/// <param name="ContentType">Empty when there is no such file.</param>
/// <param name="Owns">The sender uploaded it.</param>
/// <param name="IsHere">It was uploaded for the chat that the message goes to.</param>
/// <param name="IsShown">A message shows it that the sender may read.</param>
public readonly record struct BlobToSend(bool IsRetry, string ContentType, long Bytes, bool Owns, bool IsHere, bool IsShown);

/// <summary>What a file is once its bytes are in the store.</summary>
/// <param name="DeclaredBytes">What was reserved for it.</param>
/// <param name="Bytes">What it takes.</param>
/// <param name="KeptFor">From now until it is deleted; null for as long as nobody deletes it.</param>
/// <param name="UnshownFor">From now until it is deleted if no message or status shows it by then; null where none need to.</param>
public sealed record FinishedBlob(
    Guid Id, Guid ObjectId, string ContentType, long DeclaredBytes, long Bytes, TimeSpan? KeptFor, TimeSpan? UnshownFor);

/// <summary>A chunk of an upload.</summary>
/// <param name="StartAt">Its place in the file.</param>
public sealed record ChunkRow(Guid ObjectId, long StartAt, long Bytes);

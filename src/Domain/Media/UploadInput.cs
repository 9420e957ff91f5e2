namespace Chat.Domain.Media;

/// <summary>A file that somebody wants to upload.</summary>
/// <param name="ChatId">The chat that will hold it; null for an avatar and a status.</param>
/// <param name="FileName">As its sender calls it; its extension says what it should be.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="HasOwnRate">What brings it has a rate of its own: it takes nothing from that of uploads.</param>
public sealed record UploadInput(BlobPurpose Purpose, long? ChatId, string? FileName, long Bytes, bool HasOwnRate = false);

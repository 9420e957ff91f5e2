using System.Text.Json.Serialization;

namespace Chat.Sdk;

/// <summary>What a file is for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FilePurpose>))]
public enum FilePurpose
{
    /// <summary>A file of a chat, for its members.</summary>
    [JsonStringEnumMemberName("media")]
    Media = 1,

    /// <summary>A picture of oneself.</summary>
    [JsonStringEnumMemberName("avatar")]
    Avatar = 2,

    /// <summary>The picture of a group or channel; for those who may change it.</summary>
    [JsonStringEnumMemberName("chat_avatar")]
    ChatAvatar = 3,

    /// <summary>The image or video of a status.</summary>
    [JsonStringEnumMemberName("status")]
    Status = 4,
}

/// <summary>A file to upload.</summary>
/// <param name="FileName">What it is called; its extension says what it is.</param>
/// <param name="ChatId">The chat that will hold it; null for an avatar and a status.</param>
/// <param name="Purpose">What it is for.</param>
public sealed record FileUpload(string FileName, long? ChatId = null, FilePurpose Purpose = FilePurpose.Media)
{
    internal const int DefaultPartBytes = 1 << 20;

    /// <summary>Its size; null takes the length of a stream that can seek. Needed for one that cannot.</summary>
    public long? Bytes { get; init; }

    /// <summary>Bytes sent at once, and sent again when a part breaks off; the service takes 64 KiB to 8 MiB. Default 1 MiB.</summary>
    public int PartBytes { get; init; } = DefaultPartBytes;
}

/// <summary>How far an upload is.</summary>
/// <param name="BlobId">Its name: kept by an app, the upload can go on after a restart.</param>
/// <param name="SentBytes">What the service has.</param>
/// <param name="TotalBytes">The size of the file.</param>
public readonly record struct UploadProgress(string BlobId, long SentBytes, long TotalBytes);

/// <summary>A file that the service has.</summary>
/// <param name="BlobId">Its name.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="ChatId">The chat that holds it; null where it is its owner's alone.</param>
/// <param name="FileName">What it is called, made harmless.</param>
/// <param name="ContentType">What it is, found from its bytes.</param>
/// <param name="Bytes">Its size as stored; a JPEG is stored without what it told about its maker.</param>
/// <param name="CreatedAt">When its upload began.</param>
/// <param name="ExpiresAt">When it will be deleted; null where it is kept.</param>
public sealed record UploadedFile(
    string BlobId, FilePurpose Purpose, long? ChatId, string FileName, string ContentType, long Bytes, DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt)
{
    /// <summary>What a message in its chat, or a status, says of it; what the app knows of the picture or sound is added with <c>with</c>.</summary>
    public MessageMedia ToMedia() => new() { BlobId = BlobId, ContentType = ContentType, Bytes = Bytes, FileName = FileName };
}

/// <summary>A link to a file. Whoever has it may read the file until it expires.</summary>
/// <param name="Url">Where it is read, with ranges if wished, without a token.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="File">The file.</param>
public sealed record FileLink(Uri Url, DateTimeOffset ExpiresAt, UploadedFile File);

using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Chat.Domain.Media;

namespace Chat.AdminApi.Rest.Media;

/// <summary>A file that will be sent in parts.</summary>
internal sealed record NewUploadBody
{
    /// <summary>What it is for.</summary>
    [Required]
    public BlobPurpose? Purpose { get; init; }

    /// <summary>The chat that will hold it: with purpose media and chat_avatar, and only there.</summary>
    public WholeNumber? ChatId { get; init; }

    /// <summary>What the file is called; its extension says what it is.</summary>
    [Required]
    public string? FileName { get; init; }

    /// <summary>Its size.</summary>
    [Required]
    public WholeNumber? Bytes { get; init; }
}

/// <summary>An upload in parts, as it stands.</summary>
internal sealed record UploadResource
{
    /// <summary>The name that the file will have.</summary>
    public required string BlobId { get; init; }

    /// <summary>How much has come: where the next part begins.</summary>
    public required WholeNumber Offset { get; init; }

    /// <summary>The size of the whole.</summary>
    public required WholeNumber Bytes { get; init; }

    /// <summary>Fewest bytes of a part that is not the last one.</summary>
    public required int MinPartBytes { get; init; }

    /// <summary>Most bytes of a part.</summary>
    public required int MaxPartBytes { get; init; }

    /// <summary>When it is given up if nothing more comes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }

    public static UploadResource From(UploadState upload) => new()
    {
        BlobId = upload.BlobId.ToString(),
        Offset = new WholeNumber(upload.Received),
        Bytes = new WholeNumber(upload.Bytes),
        MinPartBytes = UploadState.MinPartBytes,
        MaxPartBytes = UploadState.MaxPartBytes,
        ExpiresAt = upload.ExpiresAtMs is { } expires ? DateTimeOffset.FromUnixTimeMilliseconds(expires) : null,
    };
}

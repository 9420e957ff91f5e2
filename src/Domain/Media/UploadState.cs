using Chat.Storage.Media;

namespace Chat.Domain.Media;

/// <summary>An upload in parts, as it stands.</summary>
/// <param name="ExpiresAtMs">Unix milliseconds: when it is given up if nothing more comes.</param>
public sealed record UploadState(BlobName BlobId, long Received, long Bytes, long? ExpiresAtMs)
{
    /// <summary>Fewest bytes of a part that is not the last one: each costs a row and a sync of the disk.</summary>
    public const int MinPartBytes = 64 * 1024;

    /// <summary>Most bytes of a part: what is sent again when one breaks off.</summary>
    public const int MaxPartBytes = 8 * 1024 * 1024;

    internal static UploadState From(BlobRow row) => new(new BlobName(row.Id), row.Received, row.Bytes, row.ExpiresAtMs);
}

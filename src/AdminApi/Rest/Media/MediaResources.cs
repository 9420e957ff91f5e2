using System.Globalization;
using System.Text.Json.Serialization;
using Chat.Domain.Media;
using Chat.Protocol.Codes;
using Chat.Storage.Media;

namespace Chat.AdminApi.Rest.Media;

/// <summary>A file that was uploaded.</summary>
internal sealed record FileResource
{
    /// <summary>The file's name for messages, links and deletion.</summary>
    public required string BlobId { get; init; }

    /// <summary>What it is for.</summary>
    public required BlobPurpose Purpose { get; init; }

    /// <summary>The chat that holds it. Absent where it is its owner's alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WholeNumber? ChatId { get; init; }

    /// <summary>What its sender called it, made harmless.</summary>
    public required string FileName { get; init; }

    /// <summary>What it is, found from its bytes.</summary>
    public required string ContentType { get; init; }

    /// <summary>Its size; without what told about its maker.</summary>
    public required WholeNumber Bytes { get; init; }

    /// <summary>When its upload began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it will be deleted. Absent where it is kept until somebody deletes it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }

    public static FileResource From(BlobRow row) => new()
    {
        BlobId = new BlobName(row.Id).ToString(),
        Purpose = (BlobPurpose)row.Purpose,
        ChatId = row.ChatId is { } chatId ? new WholeNumber(chatId) : null,
        FileName = row.FileName,
        ContentType = row.ContentType!,
        Bytes = new WholeNumber(row.Bytes),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAtMs),
        ExpiresAt = row.ExpiresAtMs is { } expires ? DateTimeOffset.FromUnixTimeMilliseconds(expires) : null,
    };
}

/// <summary>A link to a file.</summary>
internal sealed record FileLinkResource
{
    /// <summary>Where the file is read, with ranges if wished, without a token; relative to this server. Whoever has it may read.</summary>
    public required string Url { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset UrlExpiresAt { get; init; }

    /// <summary>The file.</summary>
    public required FileResource File { get; init; }

    public static FileLinkResource From(BlobLink link) => new()
    {
        Url = string.Create(
            CultureInfo.InvariantCulture,
            $"{DownloadEndpoint.Prefix}/{new BlobName(link.Blob.Id)}?principal={link.Holder.PrincipalId}{KindOf(link)}&expires={link.ExpiresAt}&signature={link.Signature}"),
        UrlExpiresAt = DateTimeOffset.FromUnixTimeSeconds(link.ExpiresAt),
        File = FileResource.From(link.Blob),
    };

    /// <summary>Nothing for a person, as with <see cref="DownloadLinks"/>.</summary>
    private static string KindOf(BlobLink link) =>
        link.Holder.Kind == PrincipalKind.Person ? "" : string.Create(CultureInfo.InvariantCulture, $"&kind={(byte)link.Holder.Kind}");
}

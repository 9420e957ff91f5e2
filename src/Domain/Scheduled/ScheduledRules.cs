using System.Security.Cryptography;
using System.Text.Json;
using Chat.Domain.Limits;
using Chat.Domain.Media;
using Chat.Domain.Messages;
using Chat.Protocol.Frames.Elements;
using Chat.Storage.Scheduled;

namespace Chat.Domain.Scheduled;

/// <summary>What is fixed about scheduled messages (protocol-spec.md §8.14).</summary>
internal static class ScheduledRules
{
    public const int DefaultPage = 50;
    public const int MaxPage = 100;

    /// <summary>A time nearer than this is most likely a clock that is wrong.</summary>
    public static readonly TimeSpan Soonest = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan Latest = TimeSpan.FromDays(366);

    public static ScheduledBounds Bounds(LimitSettings limits, MediaOptions media) =>
        new(Soonest, Latest, limits.OpenScheduled, media.UploadLifetime);

    /// <summary>A message that the rules of sending admit, as it is stored.</summary>
    public static ScheduledContent ToStored(in SendMessageInput input)
    {
        Guid? blobId = input.File is { } file && BlobName.TryParse(file.BlobId, out BlobName name) ? name.Value : null;
        return new ScheduledContent(input.Text, input.ReplyTo, input.Content is { } content ? ContentJson.Write(content) : null, blobId);
    }

    /// <summary>The same for the same request, and for another one another.</summary>
    public static byte[] Digest(long chatId, long dueAtMs, ScheduledContent message) => SHA256.HashData(
        JsonSerializer.SerializeToUtf8Bytes(
            [$"{chatId}", $"{dueAtMs}", message.Text, $"{message.ReplyTo}", message.Content ?? ""], ScheduledJson.Default.StringArray));

    /// <summary>What a stored message is beside its text; null for plain text.</summary>
    public static WireContent? ReadContent(string? json) => json is null ? null : ContentJson.Read(json);
}

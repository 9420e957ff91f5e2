using System.Diagnostics.Metrics;

namespace Chat.Domain.Media;

/// <summary>What files tell the meters; names as in docs/operations.</summary>
internal static class MediaMetrics
{
    private static readonly Meter Meter = new("Chat.Domain");

    private static readonly Counter<long> Uploads =
        Meter.CreateCounter<long>("media_uploads", "{file}", "Files that people uploaded, by outcome.");

    private static readonly Counter<long> StoredBytes =
        Meter.CreateCounter<long>("media_stored_bytes", "By", "Bytes of the files that were stored.");

    /// <summary>Files opened by a link.</summary>
    public static readonly Counter<long> Downloads = Meter.CreateCounter<long>("media_downloads", "{request}");

    /// <summary>Names deleted from the blob store.</summary>
    public static readonly Counter<long> Erased = Meter.CreateCounter<long>("media_erased", "{object}");

    /// <summary>Names that the blob store failed to delete; each is tried again.</summary>
    public static readonly Counter<long> NotErased = Meter.CreateCounter<long>("media_not_erased", "{object}");

    public static void Stored(long bytes)
    {
        Uploads.Add(1, new KeyValuePair<string, object?>("outcome", "stored"));
        StoredBytes.Add(bytes);
    }

    public static void Refused() => Uploads.Add(1, new KeyValuePair<string, object?>("outcome", "refused"));
}

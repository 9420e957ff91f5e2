namespace Chat.Domain.Media;

/// <summary>Which files people may upload and how long they are kept. Section <c>Media</c>. Sizes are in bytes.</summary>
public sealed record MediaOptions
{
    private const long Largest = 1L << 40;

    /// <summary>Largest image. Default 16 MiB.</summary>
    public long MaxImageBytes { get; init; } = 16L << 20;

    /// <summary>Largest video. Default 100 MiB.</summary>
    public long MaxVideoBytes { get; init; } = 100L << 20;

    /// <summary>Largest audio file or voice message. Default 32 MiB.</summary>
    public long MaxAudioBytes { get; init; } = 32L << 20;

    /// <summary>Largest document. Default 100 MiB.</summary>
    public long MaxDocumentBytes { get; init; } = 100L << 20;

    /// <summary>Largest picture of a person or a group. Default 5 MiB.</summary>
    public long MaxAvatarBytes { get; init; } = 5L << 20;

    /// <summary>
    /// Most pixels of an image, width times height: one of a few kilobytes may take gigabytes in who shows it. Default 100,000,000.
    /// </summary>
    public long MaxImagePixels { get; init; } = 100_000_000;

    /// <summary>All that one principal's files may take, those being uploaded included. Default 2 GiB; 0 is no limit.</summary>
    public long QuotaBytes { get; init; } = 2L << 30;

    /// <summary>
    /// How long a file of a chat is kept, from its upload; then it is deleted and its messages say so. Default 00:00:00: until somebody
    /// deletes it. A change holds for what is uploaded from then on.
    /// </summary>
    public TimeSpan Retention { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// How long a status is seen, and its file kept, from its posting. Default 24 hours. A change holds for what is posted from then on.
    /// </summary>
    public TimeSpan StatusRetention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long an upload may rest between two parts before it is given up, and a file of a chat or status before a message or status shows
    /// it. Default 24 hours.
    /// </summary>
    public TimeSpan UploadLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a download link is good. Default 30 minutes.</summary>
    public TimeSpan LinkLifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        (string Name, long Value, long Least)[] sizes =
        [
            (nameof(MaxImageBytes), MaxImageBytes, 1), (nameof(MaxVideoBytes), MaxVideoBytes, 1), (nameof(MaxAudioBytes), MaxAudioBytes, 1),
            (nameof(MaxDocumentBytes), MaxDocumentBytes, 1), (nameof(MaxAvatarBytes), MaxAvatarBytes, 1),
            (nameof(MaxImagePixels), MaxImagePixels, 1), (nameof(QuotaBytes), QuotaBytes, 0),
        ];
        foreach ((string name, long value, long least) in sizes)
            if (value < least || value > Largest) yield return $"Media:{name} is {value}: set {least} to {Largest}.";

        if (Retention != TimeSpan.Zero && Retention < TimeSpan.FromMinutes(1))
            yield return $"Media:Retention is {Retention}: set at least 00:01:00 (15.00:00:00 is 15 days), or 00:00:00 to keep files.";
        if (StatusRetention < TimeSpan.FromMinutes(1) || StatusRetention > TimeSpan.FromDays(30))
            yield return $"Media:StatusRetention is {StatusRetention}: set 00:01:00 to 30.00:00:00.";
        if (UploadLifetime < TimeSpan.FromMinutes(1)) yield return $"Media:UploadLifetime is {UploadLifetime}: set at least 00:01:00.";
        if (LinkLifetime < TimeSpan.FromSeconds(1) || LinkLifetime > TimeSpan.FromDays(7))
            yield return $"Media:LinkLifetime is {LinkLifetime}: set 00:00:01 to 7.00:00:00.";
    }
}

namespace Chat.Domain.Limits;

/// <summary>
/// What principals of one kind may ask for, where it is not what all may: each value stands for the one of the same name in
/// <see cref="LimitSettings"/>, in its unit. Null: as all kinds. 0 is no limit, for this kind.
/// </summary>
public sealed record KindLimits
{
    /// <summary>What a visitor of a site may: 10 messages, 5 uploads and 100 requests a minute .</summary>
    public static KindLimits OfVisitors => new()
    {
        SendsPerMinute = 10,
        SendsBurst = 10,
        UploadsPerMinute = 5,
        UploadsBurst = 5,
        RequestsPerMinute = 100,
        RequestsBurst = 100,
    };

    public double? RequestsPerMinute { get; init; }

    public int? RequestsBurst { get; init; }

    public double? SendsPerMinute { get; init; }

    public int? SendsBurst { get; init; }

    public double? TypingPerSecond { get; init; }

    public double? HistoryPerSecond { get; init; }

    public int? HistoryBurst { get; init; }

    public double? LookupsPerSecond { get; init; }

    public int? LookupsBurst { get; init; }

    public double? UploadsPerMinute { get; init; }

    public int? UploadsBurst { get; init; }

    public double? UploadPartsPerSecond { get; init; }

    public int? UploadPartsBurst { get; init; }

    public double? FileReadsPerSecond { get; init; }

    public int? FileReadsBurst { get; init; }

    public double? StatusesPerHour { get; init; }

    public int? StatusesBurst { get; init; }

    public double? ScheduledPerMinute { get; init; }

    public int? ScheduledBurst { get; init; }

    public double? CallsPerMinute { get; init; }

    public int? CallsBurst { get; init; }

    public double? CallSignalsPerSecond { get; init; }

    public int? CallSignalsBurst { get; init; }

    public double? PreviewsPerMinute { get; init; }

    public int? PreviewsBurst { get; init; }

    public double? SearchesPerSecond { get; init; }

    public int? SearchesBurst { get; init; }

    public double? MessageInfosPerSecond { get; init; }

    public int? MessageInfosBurst { get; init; }
}

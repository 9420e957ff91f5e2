namespace Chat.Domain.Limits;

/// <param name="PerSecond">Refilled evenly; 0 is no limit.</param>
/// <param name="Burst">How much may come at once after a pause.</param>
public readonly record struct Rate(double PerSecond, int Burst);

/// <summary>What holds for one principal of a kind: the kind's own values, and those of all kinds where it has none. Made when settings change.</summary>
public sealed class PrincipalRates
{
    /// <summary>Two at once: that one types, and that one has stopped.</summary>
    private const int TypingBurst = 2;

    /// <param name="all">What holds for all kinds.</param>
    /// <param name="own">What the kind has of its own.</param>
    public PrincipalRates(LimitSettings all, KindLimits own)
    {
        Requests = new((own.RequestsPerMinute ?? all.RequestsPerMinute) / 60, own.RequestsBurst ?? all.RequestsBurst);
        Sends = new((own.SendsPerMinute ?? all.SendsPerMinute) / 60, own.SendsBurst ?? all.SendsBurst);
        Typing = new(own.TypingPerSecond ?? all.TypingPerSecond, TypingBurst);
        History = new(own.HistoryPerSecond ?? all.HistoryPerSecond, own.HistoryBurst ?? all.HistoryBurst);
        Lookups = new(own.LookupsPerSecond ?? all.LookupsPerSecond, own.LookupsBurst ?? all.LookupsBurst);
        Uploads = new((own.UploadsPerMinute ?? all.UploadsPerMinute) / 60, own.UploadsBurst ?? all.UploadsBurst);
        UploadParts = new(own.UploadPartsPerSecond ?? all.UploadPartsPerSecond, own.UploadPartsBurst ?? all.UploadPartsBurst);
        FileReads = new(own.FileReadsPerSecond ?? all.FileReadsPerSecond, own.FileReadsBurst ?? all.FileReadsBurst);
        Statuses = new((own.StatusesPerHour ?? all.StatusesPerHour) / 3600, own.StatusesBurst ?? all.StatusesBurst);
        Scheduled = new((own.ScheduledPerMinute ?? all.ScheduledPerMinute) / 60, own.ScheduledBurst ?? all.ScheduledBurst);
        Calls = new((own.CallsPerMinute ?? all.CallsPerMinute) / 60, own.CallsBurst ?? all.CallsBurst);
        CallSignals = new(own.CallSignalsPerSecond ?? all.CallSignalsPerSecond, own.CallSignalsBurst ?? all.CallSignalsBurst);
        Previews = new((own.PreviewsPerMinute ?? all.PreviewsPerMinute) / 60, own.PreviewsBurst ?? all.PreviewsBurst);
        Searches = new(own.SearchesPerSecond ?? all.SearchesPerSecond, own.SearchesBurst ?? all.SearchesBurst);
        MessageInfos = new(own.MessageInfosPerSecond ?? all.MessageInfosPerSecond, own.MessageInfosBurst ?? all.MessageInfosBurst);
    }

    public Rate Requests { get; }

    public Rate Sends { get; }

    public Rate Typing { get; }

    public Rate History { get; }

    public Rate Lookups { get; }

    public Rate Uploads { get; }

    public Rate UploadParts { get; }

    public Rate FileReads { get; }

    public Rate Statuses { get; }

    public Rate Scheduled { get; }

    public Rate Calls { get; }

    public Rate CallSignals { get; }

    public Rate Previews { get; }

    public Rate Searches { get; }

    public Rate MessageInfos { get; }
}

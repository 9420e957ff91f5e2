namespace Chat.Domain.Presence;

/// <summary>How presence is told.</summary>
public sealed record PresenceOptions
{
    /// <summary>Time from the end of the last session until a principal counts as offline. Default 5 s; zero tells at once.</summary>
    public TimeSpan OfflineGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause before last-seen times are offered to storage again after it failed. Default 5 s. Zero is not allowed.</summary>
    public TimeSpan SaveRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (OfflineGrace < TimeSpan.Zero || OfflineGrace > TimeSpan.FromMinutes(5))
            yield return $"Presence:OfflineGrace is {OfflineGrace}: set 00:00:00 to 00:05:00.";
        if (SaveRetry <= TimeSpan.Zero || SaveRetry > TimeSpan.FromMinutes(5))
            yield return $"Presence:SaveRetry is {SaveRetry}: set more than zero, at most 00:05:00.";
    }
}

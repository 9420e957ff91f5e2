using System.Diagnostics.Metrics;

namespace Chat.Domain.Presence;

/// <summary>What presence between nodes tells the meters; names as in docs/operations.</summary>
internal static class PresenceMetrics
{
    private static readonly Meter Meter = new("Chat.Domain");

    /// <summary>Lists of other nodes read whole: at a start, after an outage, or because a publication was missed.</summary>
    public static readonly Counter<long> ListsRead = Meter.CreateCounter<long>("presence_lists_read", "{list}");

    /// <summary>What came on the channel and is not ours, or of another version.</summary>
    public static readonly Counter<long> Ignored = Meter.CreateCounter<long>("presence_ignored", "{publication}");
}

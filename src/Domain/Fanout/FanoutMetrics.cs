using System.Diagnostics.Metrics;

namespace Chat.Domain.Fanout;

/// <summary>What the fan-out and the relay between nodes tell the meters; names as in docs/operations.</summary>
internal static class FanoutMetrics
{
    private static readonly Meter Meter = new("Chat.Domain");

    public static readonly Counter<long> GapsDetected = Meter.CreateCounter<long>("fanout_gaps_detected", "{gap}");
    public static readonly Counter<long> GapsRepaired = Meter.CreateCounter<long>("fanout_gaps_repaired", "{gap}");
    public static readonly Counter<long> TailRepairs = Meter.CreateCounter<long>("fanout_tail_repairs", "{gap}");
    public static readonly Counter<long> RepairsFailed = Meter.CreateCounter<long>("fanout_repairs_failed", "{read}");
    public static readonly Counter<long> Unfounded = Meter.CreateCounter<long>("fanout_unfounded", "{claim}");

    /// <summary>From seeing a hole to having filled it. The unit stands in the name, so it is not given again.</summary>
    public static readonly Histogram<double> RepairMs = Meter.CreateHistogram<double>("fanout_repair_ms");

    public static readonly Counter<long> CommitsInDoubt = Meter.CreateCounter<long>(
        "fanout_commits_in_doubt", "{chat}", "Chats of commits that got no answer; the database is asked how far they go.");

    public static readonly Counter<long> RelayDuplicates = Meter.CreateCounter<long>("relay_duplicates", "{event}");
    public static readonly Counter<long> RelayIgnored = Meter.CreateCounter<long>("relay_ignored", "{publication}");
    public static readonly Counter<long> RelayDropped = Meter.CreateCounter<long>("relay_dropped", "{publication}");
    public static readonly Counter<long> HeadsAnnounced = Meter.CreateCounter<long>("heads_announced", "{head}");
    public static readonly Counter<long> HeadsPolled = Meter.CreateCounter<long>("heads_polled", "{chat}");
}

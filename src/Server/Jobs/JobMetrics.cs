using System.Diagnostics.Metrics;

namespace Chat.Server.Jobs;

/// <summary>What the jobs tell the meters; each with the tag <c>job</c>.</summary>
internal static class JobMetrics
{
    private static readonly Meter Meter = new("Chat.Server");

    public static readonly Counter<long> Done =
        Meter.CreateCounter<long>("jobs_done", "{run}", "Runs of jobs on this node that ended well.");

    public static readonly Counter<long> Failed =
        Meter.CreateCounter<long>("jobs_failed", "{run}", "Runs of jobs on this node that failed or lost their lease.");

    public static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("job_duration", "ms", "How long runs of jobs took.");
}

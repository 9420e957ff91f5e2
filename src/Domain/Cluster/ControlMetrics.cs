using System.Diagnostics.Metrics;

namespace Chat.Domain.Cluster;

/// <summary>What the control channel tells the meters.</summary>
internal static class ControlMetrics
{
    private static readonly Meter Meter = new("Chat.Domain");

    public static readonly Counter<long> Heard =
        Meter.CreateCounter<long>("control_heard", "{order}", "Orders of other nodes that were obeyed.");

    public static readonly Counter<long> Ignored = Meter.CreateCounter<long>(
        "control_ignored", "{order}", "Publications on the control channel that are of another version, or nonsense.");
}

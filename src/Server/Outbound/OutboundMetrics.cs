using System.Diagnostics.Metrics;

namespace Chat.Server.Outbound;

/// <summary>What the way out tells the meters; names as in docs/operations.</summary>
internal static class OutboundMetrics
{
    private static readonly Meter Meter = new("Chat.Server");

    public static readonly Histogram<double> PumpLag = Meter.CreateHistogram<double>(
        "chat_pump_lag", "s", "How long a probe waited in the queue of a pump: what every push waits there.");
}

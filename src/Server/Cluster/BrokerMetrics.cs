using System.Diagnostics.Metrics;

namespace Chat.Server.Cluster;

/// <summary>What the broker tells the meters; names as in docs/operations.</summary>
internal static class BrokerMetrics
{
    private static readonly Meter Meter = new("Chat.Server");

    /// <summary>Publications given to Redis.</summary>
    public static readonly Counter<long> Published = Meter.CreateCounter<long>("broker_published", "{publication}");

    /// <summary>Publications of other nodes, handed to a receiver.</summary>
    public static readonly Counter<long> Received = Meter.CreateCounter<long>("broker_received", "{publication}");

    /// <summary>Publications that were not sent, or whose fate is not known because the connection was lost.</summary>
    public static readonly Counter<long> Dropped = Meter.CreateCounter<long>("broker_dropped", "{publication}");

    /// <summary>What came on our channels and is not ours, or of another version.</summary>
    public static readonly Counter<long> Ignored = Meter.CreateCounter<long>("broker_ignored", "{publication}");

    /// <summary>Connections lost, and attempts to open one that failed.</summary>
    public static readonly Counter<long> Reconnects = Meter.CreateCounter<long>("broker_reconnects", "{reconnect}");

    /// <summary>1 while degraded, otherwise 0; told at each change and with each probe.</summary>
    public static readonly Gauge<int> Degraded = Meter.CreateGauge<int>("broker_degraded");

    /// <summary>From publishing a probe to hearing it. The unit stands in the name, so it is not given again.</summary>
    public static readonly Histogram<double> ProbeMs = Meter.CreateHistogram<double>("broker_probe_ms");
}

namespace Chat.Server.Diagnostics.Metrics;

/// <summary>What a scrape is told about the values of a family.</summary>
internal enum MetricKind : byte
{
    /// <summary>Only grows; measurements are added.</summary>
    Counter,

    /// <summary>Only grows; each measurement is the whole value.</summary>
    ObservedCounter,

    /// <summary>Goes up and down; measurements are added.</summary>
    Balance,

    /// <summary>Goes up and down; each measurement is the whole value, until the next scrape asks again.</summary>
    Gauge,

    /// <summary>Goes up and down; each measurement is the whole value, until the next measurement.</summary>
    ToldGauge,

    /// <summary>Counts measurements by size.</summary>
    Histogram,
}

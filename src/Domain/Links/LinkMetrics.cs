using System.Diagnostics.Metrics;

namespace Chat.Domain.Links;

/// <summary>What previews of pages tell the meters; names as in docs/operations.</summary>
public static class LinkMetrics
{
    private static readonly Meter Meter = new("Chat.Domain");

    private static readonly Counter<long> Previews =
        Meter.CreateCounter<long>("link_previews", "{page}", "Pages that a preview was asked for of, by outcome.");

    /// <summary>A page was fetched.</summary>
    public static void Fetched() => Count("fetched");

    /// <summary>An address, or what a page led to, must not be asked.</summary>
    public static void Refused() => Count("refused");

    /// <summary>A page could not be fetched, or had nothing to show.</summary>
    public static void Failed() => Count("failed");

    /// <summary>It was known already.</summary>
    public static void Cached() => Count("cached");

    /// <summary>Too many were being fetched.</summary>
    public static void Busy() => Count("busy");

    private static void Count(string outcome) => Previews.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}

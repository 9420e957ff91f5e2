using System.Diagnostics.Metrics;

namespace Chat.Domain.Search;

/// <summary>What search tells the meters; names as in docs/operations.</summary>
internal static class SearchMetrics
{
    private static readonly Meter Meter = new("Chat.Domain");

    public static readonly Counter<long> Indexed = Meter.CreateCounter<long>(
        "chat_search_indexed", "{event}", "Events of chats' logs that were looked at for the search index.");

    public static readonly Counter<long> Skipped = Meter.CreateCounter<long>(
        "chat_search_skipped", "{event}", "Events that could not be indexed and were left out for now.");

    public static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "chat_search_duration", "ms", "How long searches took, those ended by their time among them.");
}

using System.Diagnostics.Metrics;

namespace Chat.Storage.ChatLog;

/// <summary>What the chat log tells the meters; names as in docs/operations.</summary>
internal static class ChatLogMetrics
{
    private static readonly Meter Meter = new("Chat.Storage");

    public static readonly Histogram<int> BatchEvents = Meter.CreateHistogram<int>("chat_log_batch_events", "{event}");
    public static readonly Histogram<double> BatchDuration = Meter.CreateHistogram<double>("chat_log_batch_duration", "ms");
    public static readonly Counter<long> Busy = Meter.CreateCounter<long>("chat_log_busy", "{event}");
    public static readonly Counter<long> Rejected = Meter.CreateCounter<long>("chat_log_rejected", "{event}");
    public static readonly Counter<long> UnknownBatches = Meter.CreateCounter<long>("chat_log_unknown_batches", "{batch}");
    public static readonly Counter<long> CarefulBatches = Meter.CreateCounter<long>("chat_log_careful_batches", "{batch}");
    public static readonly Counter<long> Turns = Meter.CreateCounter<long>("chat_log_turns", "{turn}");
    public static readonly Counter<long> RepeatedBatches = Meter.CreateCounter<long>("chat_log_repeated_batches", "{batch}");
}

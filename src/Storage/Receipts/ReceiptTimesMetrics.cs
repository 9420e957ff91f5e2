using System.Diagnostics.Metrics;

namespace Chat.Storage.Receipts;

/// <summary>What the times of receipts tell the meters; names as in docs/operations.</summary>
internal static class ReceiptTimesMetrics
{
    private static readonly Meter Meter = new("Chat.Storage");

    public static readonly Counter<long> Written = Meter.CreateCounter<long>(
        "chat_receipt_times_written", "{minute}", "Minutes in which members' watermarks moved that were written.");

    public static readonly Counter<long> Lost = Meter.CreateCounter<long>(
        "chat_receipt_times_lost", "{minute}", "Such minutes that were given up, because storage was away for too long.");
}

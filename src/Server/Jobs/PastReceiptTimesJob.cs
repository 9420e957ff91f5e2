using Chat.Storage.Receipts;

namespace Chat.Server.Jobs;

/// <summary>Deletes when watermarks moved, once that is kept no longer (ADR 0031); all of it when none is kept.</summary>
internal sealed class PastReceiptTimesJob(ReceiptTimeStore times, ReceiptTimesOptions options, TimeProvider time) : IJob
{
    public string Name => "past_receipt_times";

    public TimeSpan Interval => TimeSpan.FromMinutes(10);

    public async Task<string> RunAsync(CancellationToken ct)
    {
        int before = ReceiptTimeStore.MinuteOf(time.GetUtcNow() - TimeSpan.FromDays(options.KeptDays));
        if (options.KeptDays == 0) before++; // what nodes that were set otherwise wrote in this minute, too
        return $"{await BatchedDeletion.RunAsync((limit, stop) => times.DeleteBeforeAsync(before, limit, stop), ct)} minutes deleted";
    }
}

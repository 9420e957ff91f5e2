using Chat.Storage.Receipts;

namespace Chat.Server.Hosting;

/// <summary>What stores watermarks, and what notes when they moved: the second hears of the first's last ones before it stops.</summary>
internal sealed record ReceiptLoops(ReceiptWriter Writer, ReceiptTimes Times)
{
    public void Start()
    {
        Writer.Start();
        Times.Start();
    }

    public async Task StopAsync()
    {
        await Writer.StopAsync();
        await Times.StopAsync();
    }
}

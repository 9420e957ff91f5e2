using Chat.Domain.Scheduled;
using Chat.Server.Cluster;

namespace Chat.Server.Jobs;

/// <summary>
/// Sends what is due, on every node, about once a second: claims in the database see to it that each message is sent once. A round with nothing
/// due is one look at the beginning of an index.
/// </summary>
internal sealed class ScheduledLoop(SendDueMessages send, LoopParts parts, ILogger<ScheduledLoop> log) : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(1_500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await parts.Gate.Opened.WaitAsync(stoppingToken);
        Pace pace = new(ShortestPause, LongestPause, parts.Time);
        await pace.RunAsync(SendAllAsync, fault => JobLog.ScheduledNotClaimed(log, fault), stoppingToken);
    }

    /// <summary>Of one person's messages to one chat each round takes one.</summary>
    private async Task SendAllAsync(CancellationToken ct)
    {
        while (await send.ExecuteAsync(ct) > 0) ct.ThrowIfCancellationRequested();
    }
}

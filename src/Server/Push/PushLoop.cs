using Chat.Domain.Push;
using Chat.Server.Cluster;
using Chat.Server.Jobs;

namespace Chat.Server.Push;

/// <summary>
/// Tells those who are away, on every node, of what the node itself committed. A round with nothing to do costs a look at a table in memory, and one
/// at the database every two seconds for whether anybody wants to be pushed to.
/// </summary>
internal sealed class PushLoop(TellAway tell, LoopParts parts, ILogger<PushLoop> log) : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await parts.Gate.Opened.WaitAsync(stoppingToken);
        Pace pace = new(ShortestPause, LongestPause, parts.Time, Pace.Soon);
        await pace.RunAsync(tell.ExecuteAsync, fault => JobLog.NotPushed(log, fault), stoppingToken);
    }
}

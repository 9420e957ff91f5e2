using Chat.Domain.Push;
using Chat.Server.Cluster;
using Chat.Server.Jobs;

namespace Chat.Server.Push;

/// <summary>
/// Tells those who are away, on every node, of what the node itself committed: of calls beside messages, so that none waits for the other. A round with nothing to do costs a look at a table in memory, and one
/// at the database every two seconds for whether anybody wants to be pushed to.
/// </summary>
internal sealed class PushLoop(TellAway tell, RingAway ring, LoopParts parts, ILogger<PushLoop> log) : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await parts.Gate.Opened.WaitAsync(stoppingToken);
        await Task.WhenAll(RunAsync(tell.ExecuteAsync, stoppingToken), RunAsync(ring.ExecuteAsync, stoppingToken));
    }

    private Task RunAsync(Func<CancellationToken, Task> round, CancellationToken ct) =>
        new Pace(ShortestPause, LongestPause, parts.Time, Pace.Soon).RunAsync(round, fault => JobLog.NotPushed(log, fault), ct);
}

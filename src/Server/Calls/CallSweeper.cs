using Chat.Domain.Calls;
using Chat.Server.Cluster;
using Chat.Server.Diagnostics;

namespace Chat.Server.Calls;

/// <summary>
/// Looks once a second, on every node, for calls that are over by time. The look is one small index; what is due is ended under the call's own
/// locks, so nodes that look at the same time end nothing twice.
/// </summary>
internal sealed partial class CallSweeper(ExpireCalls expire, LoopParts parts, ILogger<CallSweeper> log) : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(1_200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await parts.Gate.Opened.WaitAsync(stoppingToken);
        Pace pace = new(ShortestPause, LongestPause, parts.Time);
        await pace.RunAsync(expire.ExecuteAsync, fault => NotSwept(log, fault), stoppingToken);
    }

    [LoggerMessage(
        EventId = EventIds.CallsNotSwept,
        Level = LogLevel.Warning,
        Message = "Calls that are over by time could not be ended; tried again every second")]
    private static partial void NotSwept(ILogger logger, Exception exception);
}

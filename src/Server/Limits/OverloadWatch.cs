using Chat.AdminApi.Health;
using Chat.Domain.Limits;
using Chat.Server.Outbound;

namespace Chat.Server.Limits;

/// <summary>Looks at the node's load ten times a second, and has the collector give memory back when it runs short.</summary>
internal sealed class OverloadWatch(
    Overload overload, MemoryShare memory, ProcessorIdle processors, StoragePulse pulse, OutageThreads threads, OutboundPace pace,
    TimeProvider time, ILogger<OverloadWatch> log)
    : BackgroundService, IReadyRemark
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>Every so many rounds memory is looked at: its files cost a tenth of a millisecond.</summary>
    private const int MemoryRounds = 3;

    private static readonly TimeSpan CollectionPause = TimeSpan.FromSeconds(10);

    private double _share;
    private long _collectedAt;

    /// <summary>Share of the memory limit that is in use; 0 when there is none.</summary>
    public double Share => Volatile.Read(ref _share);

    string IReadyRemark.Name => "memory";

    /// <summary>
    /// A remark and no fault: the nodes of a service run short together, and taking one away would hand its load to the next.
    /// </summary>
    string? IReadyRemark.FindRemark() => overload.IsShortOfMemory ? "short of memory: new work is refused" : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        for (int round = 0; ; round++)
        {
            try
            {
                Look(round % MemoryRounds == 0);
                if (!await timer.WaitForNextTickAsync(stoppingToken)) return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                OverloadLog.WatchFailed(log, fault); // without this loop nothing would ever be refused, or all of it for ever
            }
        }
    }

    private void Look(bool atMemory)
    {
        bool wasShort = overload.IsShortOfMemory;
        if (atMemory) Volatile.Write(ref _share, memory.Read());
        overload.Refresh(_share);
        pulse.Follow();
        threads.Follow(overload.IsStorageSilent);
        pace.Follow(overload.RecentWait, processors.Read());
        if (!overload.IsShortOfMemory)
        {
            if (wasShort) OverloadLog.MemoryAgain(log, _share);
            return;
        }

        if (!wasShort) OverloadLog.ShortOfMemory(log, _share);

        // Refusing makes little garbage, so the collector might not run for long while what it would give back keeps the node refusing.
        if (_collectedAt != 0 && time.GetElapsedTime(_collectedAt) < CollectionPause) return;
        _collectedAt = time.GetTimestamp();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}

using System.Threading.Channels;
using Chat.Domain.Fanout;
using Chat.Storage.Chats;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Cluster;

/// <summary>
/// Asks the database how far the chats go that somebody is in here, and has repaired what this node was not told (promise P15): every 2 s
/// while the broker cannot be relied on, or a node runs that is not heard; once when such a node has ended; every 30 s or so always, and at
/// once when the broker is healthy again or the process stood still.
/// </summary>
public sealed partial class HeadPoller(
    ChatFanout fanout, IBroker broker, PeerNodes peers, IRepairReads reads, TimeProvider time, ILogger<HeadPoller> log) : IAsyncDisposable
{
    public static readonly TimeSpan DegradedPeriod = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <summary>A tick that comes so late tells that the process was stopped: what it holds may be old.</summary>
    public static readonly TimeSpan StoodStill = TimeSpan.FromSeconds(5);

    /// <summary>Most chats of one query.</summary>
    public const int MaxChats = 10_000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    private readonly StoppableLoop _loop = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _isWanted;
    private bool _wasSilent;
    private bool _failed;

    public void Start()
    {
#if PLANTED_BUGS
        if (PlantedBug.Is("head-digest-off")) return; // on a slow machine it would read what the digest should have told
#endif
        if (broker.Health != BrokerHealth.Alone) _loop.Start(RunAsync);
    }

    /// <summary>Has the heads read as soon as can be. Returns at once.</summary>
    public void PollSoon()
    {
        Volatile.Write(ref _isWanted, 1);
        _wake.Writer.TryWrite(true);
    }

    public Task StopAsync() => _loop.StopAsync();

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    /// <summary>
    /// Reads the heads of all chats that somebody is in here, and schedules the repair of those that are behind; and who else runs.
    /// </summary>
    /// <returns>How many are behind.</returns>
    internal async Task<int> PollAsync(CancellationToken ct)
    {
        // First: who has ended by now has committed what it ever will, but for a statement that PostgreSQL is still at.
        peers.Reconcile(await reads.ReadRunningNodesAsync(ct));
        int behind = 0;
        foreach (ChatHead[] chunk in fanout.Watched().Chunk(MaxChats))
        {
            IReadOnlyList<ChatHead> ahead = await reads.ReadAheadAsync(chunk, ct);
            foreach (ChatHead head in ahead) fanout.Reach(head.ChatId, head.Sequence, atOnce: true);
            FanoutMetrics.HeadsPolled.Add(chunk.Length);
            behind += ahead.Count;
        }

        peers.Settle();
        return behind;
    }

    private async Task RunAsync()
    {
        // Ticks and wishes come the same way, and no tick costs an exception.
        using ITimer ticking = time.CreateTimer(static state => ((ChannelWriter<bool>)state!).TryWrite(true), _wake.Writer, Tick, Tick);
        long polledAt = time.GetTimestamp(), lookedAt = polledAt, tickedAt = polledAt;
        TimeSpan period = NextPeriod();
        while (!_loop.Stopping.IsCancellationRequested)
        {
            try
            {
                await _wake.Reader.ReadAsync(_loop.Stopping);
            }
            catch (OperationCanceledException)
            {
                return; // the node is going down
            }

            bool isWanted = Interlocked.Exchange(ref _isWanted, 0) == 1;
            bool stoodStill = time.GetElapsedTime(tickedAt) > StoodStill;
            tickedAt = time.GetTimestamp();
            bool isSilent = IsAnyoneSilent();
            bool isDue = isWanted || stoodStill || time.GetElapsedTime(polledAt) >= period;
            bool isDoubtful = (isSilent || broker.Health != BrokerHealth.Healthy) && time.GetElapsedTime(lookedAt) >= DegradedPeriod;
            if (!isDue && !isDoubtful) continue;

            lookedAt = time.GetTimestamp();
            if (isDue || broker.Health != BrokerHealth.Healthy || !await HaveAllSettledAsync())
            {
                polledAt = lookedAt;
                if (await TryAsync(PollAsync)) period = NextPeriod();
                else period = DegradedPeriod;
            }

            tickedAt = time.GetTimestamp(); // a reading that took long is no standstill: a slow database would be asked without a pause
        }
    }

    /// <summary>Whether those that are not heard have ended, and heads were read since: a small question in the place of a large one.</summary>
    private async Task<bool> HaveAllSettledAsync()
    {
        bool isAnswered = await TryAsync(async ct => peers.Reconcile(await reads.ReadRunningNodesAsync(ct)));
        return isAnswered && !peers.MayHaveCommitted();
    }

    private bool IsAnyoneSilent()
    {
        int silent = peers.CountSilent();
        if (silent > 0 != _wasSilent)
        {
            _wasSilent = silent > 0;
            if (_wasSilent) LogSilent(silent, DegradedPeriod.TotalSeconds);
            else LogHeardAgain();
        }

        return _wasSilent;
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> read)
    {
        try
        {
            await read(_loop.Stopping);
            _failed = false;
            return true;
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !_loop.Stopping.IsCancellationRequested)
        {
            if (!_failed) LogNotPolled(fault, DegradedPeriod.TotalSeconds);
            _failed = true;
            return false;
        }
        catch (OperationCanceledException)
        {
            return false; // the node is going down
        }
    }

    /// <summary>Spread by a fifth, so that nodes that started together do not ask together.</summary>
#pragma warning disable CA5394 // not a secret
    private static TimeSpan NextPeriod() => Period * (0.8 + (0.4 * Random.Shared.NextDouble()));
#pragma warning restore CA5394

    [LoggerMessage(EventId = EventIds.HeadsNotPolled, Level = LogLevel.Warning,
        Message = "The heads of chats could not be read; tried again every {Seconds} s, without another word until it works")]
    private partial void LogNotPolled(Exception fault, double seconds);

    [LoggerMessage(EventId = EventIds.NodeSilent, Level = LogLevel.Warning,
        Message = "{Count} other nodes are not heard: they ended just now, or cannot reach the broker. Heads are read, and again every "
            + "{Seconds} s while one of them runs")]
    private partial void LogSilent(int count, double seconds);

    [LoggerMessage(EventId = EventIds.NodeHeardAgain, Level = LogLevel.Information, Message = "All nodes that run are heard again")]
    private partial void LogHeardAgain();
}

using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Chat.Server.Diagnostics.Metrics;

/// <summary>
/// Measures once a second how long work waits for a thread of the pool, and sends a probe through each pump. On a thread of its own: a
/// timer would run on the very threads whose absence it is to tell.
/// </summary>
internal sealed class PoolProbe : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>A delay that is told in the log: the pool adds a thread or two a second, so something must have blocked several.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private readonly Histogram<double> _delays;
    private readonly Outbound.ConnectionOutputFactory _outputs;
    private readonly ILogger _log;
    private readonly ManualResetEventSlim _stopping = new();
    private Thread? _thread;
    private long _queuedAt; // 0: no probe is on its way
    private long _lastTicks;

    public PoolProbe(IMeterFactory factory, Outbound.ConnectionOutputFactory outputs, ILogger<PoolProbe> log)
    {
        (_outputs, _log) = (outputs, log);
        _delays = factory.Create("Chat.Server")
            .CreateHistogram<double>("chat_pool_delays", "s", "How long work waited for a thread of the pool.");
    }

    /// <summary>How long the last probe waited, or for how long the present one has been waiting, whichever is longer.</summary>
    public TimeSpan Delay
    {
        get
        {
            long queuedAt = Volatile.Read(ref _queuedAt);
            TimeSpan last = TimeSpan.FromTicks(Volatile.Read(ref _lastTicks));
            TimeSpan now = queuedAt == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(queuedAt);
            return now > last ? now : last;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "pool probe" };
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping.Set();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _stopping.Set();
        _thread?.Join();
        _stopping.Dispose();
    }

    private void Run()
    {
        bool isTold = false;
        while (!_stopping.Wait(Period))
        {
            foreach (Outbound.OutboundPump pump in _outputs.Pumps) pump.Probe();
            bool isLate = Delay > Late;
            if (isLate && !isTold) MetricsLog.PoolLate(_log, Delay);
            isTold = isLate;
            if (Interlocked.CompareExchange(ref _queuedAt, Stopwatch.GetTimestamp(), 0) == 0)
                ThreadPool.UnsafeQueueUserWorkItem(static probe => probe.Arrive(), this, preferLocal: false);
        }
    }

    private void Arrive()
    {
        TimeSpan waited = Stopwatch.GetElapsedTime(_queuedAt);
        Volatile.Write(ref _lastTicks, waited.Ticks);
        Volatile.Write(ref _queuedAt, 0);
        _delays.Record(waited.TotalSeconds);
    }
}

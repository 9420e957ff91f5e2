namespace Chat.Server.Outbound;

/// <summary>Hosts a pump on a thread of its own, for the connections that have no socket loop.</summary>
internal sealed class PumpThread : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0);
    private readonly Thread _thread;
    private int _sleeping;
    private volatile bool _stopped;

    public PumpThread(OutboundPace pace, TimeProvider time, ILogger log)
    {
        Pump = new OutboundPump(Wake, pace, time, log);
        _thread = new Thread(Run) { IsBackground = true, Name = "outbound pump" };
        _thread.Start();
    }

    public OutboundPump Pump { get; }

    public void Dispose()
    {
        _stopped = true;
        _signal.Release();
        _thread.Join();
        _signal.Dispose();
    }

    private void Wake()
    {
        if (!_stopped && Volatile.Read(ref _sleeping) == 1 && Interlocked.Exchange(ref _sleeping, 0) == 1) _signal.Release();
    }

    private void Run()
    {
        while (!_stopped)
        {
            Pump.RunSome();
            if (Pump.IsWaiting) continue;

            Volatile.Write(ref _sleeping, 1);
            Interlocked.MemoryBarrier();
            if (Pump.IsWaiting && Interlocked.Exchange(ref _sleeping, 0) == 1) continue;
            _signal.Wait(Pump.LongestWait);
            Volatile.Write(ref _sleeping, 0); // nobody woke it where a rest was over
        }
    }
}

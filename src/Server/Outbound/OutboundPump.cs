using System.Collections.Concurrent;
using Chat.Domain.Fanout;

namespace Chat.Server.Outbound;

/// <summary>A thread that sends for the connections hashed to it: takes what is ready, gathers once, sends straight on the socket (ADR 0007).</summary>
internal sealed class OutboundPump : IDisposable
{
    private readonly ConcurrentQueue<Ready> _ready = new();
    private readonly SemaphoreSlim _signal = new(0);
    private readonly GatherBuffer _buffer = new();
    private readonly Thread _thread;
    private readonly ILogger _log;
    private int _sleeping;
    private volatile bool _stopped;

    public OutboundPump(int number, ILogger log)
    {
        _log = log;
        _thread = new Thread(Run) { IsBackground = true, Name = $"outbound pump {number}" };
        _thread.Start();
    }

    /// <summary>Schedules a connection's queue (no subscription) or one of its subscriptions.</summary>
    public void Enqueue(ConnectionOutput output, Subscription? subscription)
    {
        _ready.Enqueue(new Ready(output, subscription));
        if (Volatile.Read(ref _sleeping) == 1 && Interlocked.Exchange(ref _sleeping, 0) == 1) _signal.Release();
    }

    public void Dispose()
    {
        _stopped = true;
        _signal.Release();
        _thread.Join();
        _signal.Dispose();
    }

    private void Run()
    {
        while (!_stopped)
        {
            if (_ready.TryDequeue(out Ready ready))
            {
                Drain(ready);
                continue;
            }

            Volatile.Write(ref _sleeping, 1);
            Interlocked.MemoryBarrier();
            if (!_ready.IsEmpty && Interlocked.Exchange(ref _sleeping, 0) == 1) continue;
            _signal.Wait();
        }
    }

    private void Drain(Ready ready)
    {
        try
        {
            if (ready.Subscription is null) ready.Output.DrainQueue();
            else ready.Output.DrainSubscription(ready.Subscription, _buffer);
        }
        catch (Exception fault)
        {
            // A fault of ours in one connection must not stop the thread that serves thousands of others.
            OutboundLog.DrainFailed(_log, fault);
            ready.Output.Fail();
        }
    }

    private readonly record struct Ready(ConnectionOutput Output, Subscription? Subscription);
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Chat.Domain.Fanout;
using Chat.Server.Transport.Sockets;

namespace Chat.Server.Outbound;

/// <summary>
/// Sends for the connections given to it: takes those that have something, gathers once what several of them are to get, sends
/// (ADR 0007). While processors are short a connection rests between its sends (<see cref="OutboundPace"/>). Runs on the thread of its host: a socket loop or a <see cref="PumpThread"/>.
/// </summary>
internal sealed class OutboundPump(Action wakeHost, OutboundPace pace, TimeProvider time, ILogger log) : ILoopWork
{
    /// <summary>Connections served before the host's other work, which is to receive, has its turn. Measured: 512 took a sixth off the
    /// messages of busy chats and a third off typing, because what comes meanwhile waits and does not leave with what is there (ADR 0013).</summary>
    private const int MaxDrainsInARow = 48;

    /// <summary>Fewer than this waiting are served before any rest would be over: nobody rests.</summary>
    private const int Crowd = 8;

    private readonly ConcurrentQueue<ConnectionOutput?> _ready = new(); // null: a probe
    private readonly PriorityQueue<ConnectionOutput, long> _resting = new(); // by when the rest is over; the host's thread only
    private long _probedAt; // 0: no probe is on its way

    /// <summary>The bytes of one chat, shared by the connections served one after another.</summary>
    public GatherBuffer Gathered { get; } = new();

    /// <summary>The bytes of one connection that come from several places.</summary>
    public SendBuffer Batch { get; } = new();

    public bool IsWaiting => !_ready.IsEmpty;

    public bool IsShort => pace.Rest > TimeSpan.Zero;

    public int LongestWait => !_resting.TryPeek(out _, out long until) ? -1
        : until - time.GetTimestamp() is > 0 and long left ? 1 + (int)(left * 1000 / time.TimestampFrequency)
        : 0;

    /// <summary>Connections that wait for their turn, without those that rest.</summary>
    public int Waiting => _ready.Count;

    /// <summary>Sends a probe through the queue, unless one is still under way; its time is measured when its turn comes. Thread-safe.</summary>
    public void Probe()
    {
        if (Interlocked.CompareExchange(ref _probedAt, Stopwatch.GetTimestamp(), 0) != 0) return;
        _ready.Enqueue(null);
        wakeHost();
    }

    /// <summary>Schedules an output. Thread-safe.</summary>
    public void Enqueue(ConnectionOutput output)
    {
        _ready.Enqueue(output);
        wakeHost();
    }

    public void RunSome()
    {
        long rest = (long)(pace.Rest.TotalSeconds * time.TimestampFrequency);
        long now = rest > 0 || _resting.Count > 0 ? time.GetTimestamp() : 0;
        int left = MaxDrainsInARow;
        for (; left > 0 && _resting.TryPeek(out ConnectionOutput? rested, out long until) && until <= now; left--)
        {
            _resting.Dequeue();
            if (rested.TryEndRest()) Serve(rested, now);
        }

        bool isCrowded = rest > 0 && _ready.Count >= Crowd;
        for (; left > 0 && _ready.TryDequeue(out ConnectionOutput? output); left--)
        {
            if (output is null) EndProbe();
            else if (isCrowded && output.ServedAt + rest > now && output.TryRest()) _resting.Enqueue(output, output.ServedAt + rest);
            else Serve(output, now);
        }
    }

    private void Serve(ConnectionOutput output, long now)
    {
        output.ServedAt = now;
        try
        {
            output.Drain();
        }
        catch (Exception fault)
        {
            // A fault of ours in one connection must not stop the thread that serves thousands of others.
            OutboundLog.DrainFailed(log, fault);
            output.Fail();
        }
    }

    private void EndProbe()
    {
        OutboundMetrics.PumpLag.Record(Stopwatch.GetElapsedTime(_probedAt).TotalSeconds);
        Volatile.Write(ref _probedAt, 0);
    }
}

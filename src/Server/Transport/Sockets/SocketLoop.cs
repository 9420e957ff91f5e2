using System.Collections.Concurrent;

namespace Chat.Server.Transport.Sockets;

/// <summary>Work that shares a loop's thread with its sockets: the pump that sends for them.</summary>
internal interface ILoopWork
{
    /// <summary>Whether <see cref="RunSome"/> has anything to do. Any thread.</summary>
    bool IsWaiting { get; }

    /// <summary>Processors are short: a loop does well to let work gather, for a little.</summary>
    bool IsShort { get; }

    /// <summary>For how many milliseconds nothing has to be done unless something comes; −1 for ever. The loop's thread only.</summary>
    int LongestWait { get; }

    /// <summary>Does a bounded part of what waits. The loop's thread only; must not block and not throw.</summary>
    void RunSome();
}

/// <summary>
/// One thread that receives and sends for the sockets given to it: waits for all of them at once, reads what is there, runs what follows
/// on the spot, then lets the pump send (ADR 0013).
/// </summary>
/// <remarks>
/// Whatever runs here must not block: it would stop every connection of this loop. <see cref="Post"/> and <see cref="Wake"/> are
/// thread-safe; everything else is said to belong to the loop's thread.
/// </remarks>
internal sealed class SocketLoop : IDisposable
{
    private const int ReceiveBytes = 64 << 10;

    /// <summary>Measured with 1 and 2 (ADR 0038).</summary>
    private const int GatherMilliseconds = 2;

    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    private readonly Epoll _epoll = new();
    private readonly ConcurrentQueue<(SocketConnection Connection, LoopAction Action)> _posted = new();
    private readonly Stack<int> _freeSlots = new();
    private readonly ILogger _log;
    private readonly Thread _thread;
    private SocketConnection?[] _connections = new SocketConnection?[64];
    private byte[] _scratch = new byte[ReceiveBytes];
    private uint _generation;
    private int _usedSlots;
    private int _coming; // accepted and not in the table yet
    private int _sleeping;
    private volatile bool _stopped;

    public SocketLoop(int number, ILogger log)
    {
        _log = log;
        _thread = new Thread(Run) { IsBackground = true, Name = $"socket loop {number}" };
        _thread.Start();
    }

    /// <summary>What each connection asks a loop to do on its thread.</summary>
    internal enum LoopAction : byte
    {
        Adopt,
        Receive,
        Close,
    }

    /// <summary>Set once, before the first connection.</summary>
    public ILoopWork? Work { get; set; }

    /// <summary>Whether the caller runs on this loop's thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Connections of this loop, those that are still to be adopted included. Exact while the loop sleeps.</summary>
    internal int Count => _usedSlots - _freeSlots.Count + Volatile.Read(ref _coming);

    /// <summary>Memory to receive into. A receiver that keeps it says so with <see cref="ReplaceScratch"/>. Loop thread.</summary>
    public byte[] Scratch => _scratch;

    /// <summary>Asks for an action of a connection of this loop.</summary>
    public void Post(SocketConnection connection, LoopAction action)
    {
        _posted.Enqueue((connection, action));
        Wake();
    }

    /// <summary>Makes the loop look at its work, if it is asleep.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _sleeping) == 1 && Interlocked.Exchange(ref _sleeping, 0) == 1) _epoll.Wake();
    }

    /// <summary>Takes a connection that was accepted; its events come from then on.</summary>
    public void Take(SocketConnection connection)
    {
        Interlocked.Increment(ref _coming);
        Post(connection, LoopAction.Adopt);
    }

    /// <summary>Leaves the present scratch to whoever received into it.</summary>
    public void ReplaceScratch() => _scratch = new byte[ReceiveBytes];

    /// <summary>Forgets a connection whose descriptor is being closed. Loop thread.</summary>
    public void Forget(SocketConnection connection)
    {
        int slot = (int)(connection.Tag & int.MaxValue);
        if (_connections[slot] != connection) return;
        _connections[slot] = null;
        _freeSlots.Push(slot);
    }

    /// <summary>Closes every connection and ends the thread. A second call does nothing.</summary>
    public void Dispose()
    {
        if (_stopped) return;
        _stopped = true;
        _epoll.Wake();
        if (!IsCurrent && _thread.Join(LongestStop)) _epoll.Dispose();
    }

    private void Run()
    {
        while (!_stopped)
        {
            try
            {
                Turn();
            }
            catch (Exception fault)
            {
                TransportLog.LoopFailed(_log, fault); // one connection's fault must not end the thread that serves all the others
            }
        }

        foreach (SocketConnection? connection in _connections) connection?.CloseNow();
    }

    private void Turn()
    {
        RunPosted();
        Work?.RunSome();
        if (Work is { IsShort: true } && IsDone()) Gather();

        int wait = 0;
        if (IsDone())
        {
            Volatile.Write(ref _sleeping, 1);
            Interlocked.MemoryBarrier();
            wait = IsDone() ? Work?.LongestWait ?? -1 : 0;
        }

        int events = _epoll.Wait(wait);
        Volatile.Write(ref _sleeping, 0);
        for (int i = 0; i < events; i++)
        {
            if (_epoll.Event(i, out long tag, out EpollEvents seen)) Dispatch(tag, seen);
        }
    }

    /// <summary>
    /// Lets a moment pass, so that one turn does what many would, each with its wake-up: requests come one by one, and so do the pushes of
    /// a batch while it is applied. Not on a clock that a test could hold: nothing depends on it.
    /// </summary>
    private static void Gather()
    {
#pragma warning disable RS0030 // the loop's own thread, which is to do nothing meanwhile
        Thread.Sleep(GatherMilliseconds);
#pragma warning restore RS0030
    }

    private bool IsDone() => _posted.IsEmpty && Work is not { IsWaiting: true };

    private void Dispatch(long tag, EpollEvents seen)
    {
        SocketConnection? connection = _connections[(int)(tag & int.MaxValue)];
        if (connection is null || connection.Tag != tag) return; // closed earlier in this turn
        try
        {
            connection.OnEvents(seen);
        }
        catch (Exception fault)
        {
            CutFaulty(connection, fault);
        }
    }

    /// <summary>A fault of ours in one connection costs that connection; the events of the others, told once only, are not lost with it.</summary>
    private void CutFaulty(SocketConnection connection, Exception fault)
    {
        TransportLog.LoopFailed(_log, fault);
        connection.CloseNow();
    }

    private void RunPosted()
    {
        for (int left = _posted.Count; left > 0 && _posted.TryDequeue(out (SocketConnection Connection, LoopAction Action) item); left--)
        {
            try
            {
                Act(item.Connection, item.Action);
            }
            catch (Exception fault)
            {
                CutFaulty(item.Connection, fault); // one that the system would not watch, too
            }
        }
    }

    private void Act(SocketConnection connection, LoopAction action)
    {
        switch (action)
        {
            case LoopAction.Adopt:
                Adopt(connection);
                break;
            case LoopAction.Receive:
                connection.Receive();
                break;
            case LoopAction.Close:
                connection.CloseNow();
                break;
        }
    }

    private void Adopt(SocketConnection connection)
    {
        if (!_freeSlots.TryPop(out int slot))
        {
            slot = _usedSlots++;
            if (slot == _connections.Length) Array.Resize(ref _connections, slot * 2);
        }

        _connections[slot] = connection;
        Interlocked.Decrement(ref _coming);
        connection.Begin(((long)(++_generation & int.MaxValue) << 32) | (long)slot, _epoll);
    }
}

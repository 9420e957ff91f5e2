namespace Chat.Sdk.Tests.Behaviour;

/// <summary>
/// Knows when all that a client does without time passing is done: no thread runs a part of it, and none waits in the pool. Work belongs to it
/// that was begun within <see cref="Enter"/>, and all that such work begins. For tests that run alone: the pool is everybody's.
/// </summary>
public sealed class Quiet
{
    /// <summary>Looks in a row at which nothing may be under way.</summary>
    private const int Looks = 2;

    /// <summary>After as many looks, a millisecond each, at which only the pool is busy it is busy with somebody else's work.</summary>
    private const int ForeignLooks = 2_000;

    /// <summary>
    /// Workers of the pool that are busy when nothing of any client is under way. A worker that took up work, and has not run yet what shows
    /// whose it is, counts as busy: on a machine with much else to do it may stand there for long.
    /// </summary>
    private static int s_idleBusy = int.MaxValue;

    private static readonly AsyncLocal<Quiet?> Present = new(Changed);

    private int _running;
    private long _begun;

    /// <summary>Begins a work of the client.</summary>
    public void Enter(Action work)
    {
        Quiet? before = Present.Value;
        Present.Value = this;
        try
        {
            work();
        }
        finally
        {
            Present.Value = before;
        }
    }

    /// <summary>Waits until nothing is under way any more. On a thread that is not of the pool, which it would keep busy itself.</summary>
    public void Settle(CancellationToken ct)
    {
        Assert.That(Thread.CurrentThread.IsThreadPoolThread, Is.False);
        for (int looks = 0, foreign = 0; looks < Looks;)
        {
            long begun = Volatile.Read(ref _begun);
            ct.WaitHandle.WaitOne(1);
            ct.ThrowIfCancellationRequested();
            bool isQuiet = ThreadPool.PendingWorkItemCount == 0 && Volatile.Read(ref _running) == 0 && Volatile.Read(ref _begun) == begun;
            int busy = BusyWorkers();
            s_idleBusy = Math.Min(s_idleBusy, busy);
            foreign = isQuiet && busy > s_idleBusy ? foreign + 1 : 0;
            if (foreign > ForeignLooks) s_idleBusy = busy;
            looks = isQuiet && busy == s_idleBusy ? looks + 1 : 0;
        }
    }

    private static int BusyWorkers()
    {
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int free, out _);
        return most - free;
    }

    /// <summary>A thread takes up work of a client, or lays it down.</summary>
    private static void Changed(AsyncLocalValueChangedArgs<Quiet?> change)
    {
        if (change.PreviousValue is { } before) Interlocked.Decrement(ref before._running);
        if (change.CurrentValue is not { } now) return;

        Interlocked.Increment(ref now._begun);
        Interlocked.Increment(ref now._running);
    }
}

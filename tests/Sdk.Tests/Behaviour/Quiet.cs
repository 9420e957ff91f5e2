namespace Chat.Sdk.Tests.Behaviour;

/// <summary>
/// Knows when all that a client does without time passing is done: no thread runs a part of it, and none waits in the pool. Work belongs to it
/// that was begun within <see cref="Enter"/>, and all that such work begins. For tests that run alone: the pool is everybody's.
/// </summary>
public sealed class Quiet
{
    /// <summary>Looks in a row at which nothing may be under way.</summary>
    private const int Looks = 4;

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

    /// <summary>Waits until nothing is under way any more.</summary>
    public async Task SettledAsync(CancellationToken ct)
    {
        for (int looks = 0; looks < Looks;)
        {
            ct.ThrowIfCancellationRequested();
            long begun = Volatile.Read(ref _begun);
            await Task.Yield();
            bool isQuiet = ThreadPool.PendingWorkItemCount == 0 && Volatile.Read(ref _running) == 0 && Volatile.Read(ref _begun) == begun;
            looks = isQuiet ? looks + 1 : 0;
        }
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

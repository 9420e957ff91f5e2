using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;

namespace Chat.Storage;

/// <summary>
/// One waiter of a batch writer; pooled, so that a call costs no Task. It goes back to its pool when its result is taken, which is why the
/// ValueTask over it may be awaited once only. Continuations run where <see cref="Complete"/> is called: never on the writer's loop.
/// </summary>
internal sealed class Pending<TRequest, TOutcome>(ConcurrentQueue<Pending<TRequest, TOutcome>> pool) : IValueTaskSource<TOutcome>
{
    private const int MaxPooled = 8_192;

    private ManualResetValueTaskSourceCore<TOutcome> _core;

    public TRequest Request { get; private set; } = default!;

    /// <summary>When it was accepted, a timestamp of the writer's TimeProvider.</summary>
    public long AcceptedAt { get; private set; }

    /// <summary>Decided by the loop; told to the waiter by <see cref="Complete"/>.</summary>
    public TOutcome Outcome { get; set; } = default!;

    public static Pending<TRequest, TOutcome> Rent(ConcurrentQueue<Pending<TRequest, TOutcome>> pool) =>
        pool.TryDequeue(out Pending<TRequest, TOutcome>? pooled) ? pooled : new Pending<TRequest, TOutcome>(pool);

    /// <summary>Makes it ready for a new waiter.</summary>
    public ValueTask<TOutcome> BeginAsync(TRequest request, long acceptedAt)
    {
        (Request, AcceptedAt) = (request, acceptedAt);
        return new ValueTask<TOutcome>(this, _core.Version);
    }

    public void Complete() => _core.SetResult(Outcome);

    /// <summary>Empties it for the pool; without an outcome when the queue did not take it.</summary>
    public void GiveBack()
    {
        (Request, Outcome) = (default!, default!);
        _core.Reset();
        if (pool.Count < MaxPooled) pool.Enqueue(this);
    }

    TOutcome IValueTaskSource<TOutcome>.GetResult(short token)
    {
        TOutcome outcome = _core.GetResult(token); // a token used twice throws here, and the pool stays sound
        GiveBack();
        return outcome;
    }

    ValueTaskSourceStatus IValueTaskSource<TOutcome>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<TOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}

/// <summary>
/// Wakes the waiters of a batch, one after another, on a thread of the pool while the loop is at its next batch already. A waiter's
/// continuation that blocks therefore delays the rest of its own batch, never the writer.
/// </summary>
internal sealed class Completion<TRequest, TOutcome>(Pending<TRequest, TOutcome>[] items) : IThreadPoolWorkItem
{
    public static void Queue(IEnumerable<Pending<TRequest, TOutcome>> items) =>
        ThreadPool.UnsafeQueueUserWorkItem(new Completion<TRequest, TOutcome>([.. items]), preferLocal: false);

    public void Execute()
    {
        foreach (Pending<TRequest, TOutcome> item in items)
            item.Complete();
    }
}

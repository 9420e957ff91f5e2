using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Chat.Simulation.Scheduling;

/// <summary>
/// What the product's calls that would go to the thread pool are replaced by (Simulated.targets): the same outcomes, on the process's own
/// context. The framework's versions hop to a pool thread somewhere inside, and that would not be deterministic.
/// </summary>
internal static class Scheduled
{
    public static async Task Run(Func<Task> work)
    {
        await Task.Yield();
        await work();
    }

    public static bool Queue(IThreadPoolWorkItem item, bool preferLocal)
    {
        _ = preferLocal;
        SynchronizationContext.Current!.Post(static work => ((IThreadPoolWorkItem)work!).Execute(), item);
        return true;
    }

    public static Guid NewGuid()
    {
        Prng random = Scheduler.Current.Random;
        Span<ulong> halves = [random.Next64(), random.Next64()];
        return new Guid(System.Runtime.InteropServices.MemoryMarshal.AsBytes(halves));
    }

    public static double NextDouble() => Scheduler.Current.Random.Fraction();

    public static Task CancelHereAsync(this CancellationTokenSource source)
    {
        source.Cancel();
        return Task.CompletedTask;
    }

    public static async IAsyncEnumerable<T> ReadAllHereAsync<T>(
        this ChannelReader<T> reader, [EnumeratorCancellation] CancellationToken ct = default)
    {
        while (await reader.WaitToReadAsync(ct))
            while (reader.TryRead(out T? item)) yield return item;
    }

    /// <summary>The framework's goes through the pool when a task ends whose continuations must not run at once.</summary>
    public static Task<Task> WhenAny(params ReadOnlySpan<Task> tasks)
    {
        TaskCompletionSource<Task> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (Task task in tasks) _ = TellAsync(task, first);
        return first.Task;

        static async Task TellAsync(Task task, TaskCompletionSource<Task> first)
        {
            await EndAsync(task);
            first.TrySetResult(task);
        }
    }

    /// <summary>As <see cref="WhenAny"/>; throws what the first of those that failed threw, after all have ended.</summary>
    public static async Task WhenAll(IEnumerable<Task> tasks)
    {
        Task[] all = [.. tasks];
        foreach (Task task in all) await EndAsync(task);
        foreach (Task task in all) await task;
    }

    public static Task WaitHereAsync(this Task task, CancellationToken ct) => WaitHereAsync(Answer(task), ct);

    public static Task WaitHereAsync(this Task task, TimeSpan timeout, TimeProvider time, CancellationToken ct = default) =>
        WaitHereAsync(Answer(task), timeout, time, ct);

    public static Task<T> WaitHereAsync<T>(this Task<T> task, CancellationToken ct) =>
        WaitHereAsync(task, Timeout.InfiniteTimeSpan, TimeProvider.System, ct);

    public static async Task<T> WaitHereAsync<T>(this Task<T> task, TimeSpan timeout, TimeProvider time, CancellationToken ct = default)
    {
        if (task.IsCompleted) return await task;
        TaskCompletionSource<T> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = ForwardAsync(task, outcome);
        using CancellationTokenRegistration cancelling = ct.UnsafeRegister((_, token) => outcome.TrySetCanceled(token), null);
        using ITimer? timer = timeout == Timeout.InfiniteTimeSpan
            ? null
            : time.CreateTimer(_ => outcome.TrySetException(new TimeoutException()), null, timeout, Timeout.InfiniteTimeSpan);
        return await outcome.Task;
    }

    private static async Task EndAsync(Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private static async Task ForwardAsync<T>(Task<T> from, TaskCompletionSource<T> to)
    {
        try
        {
            to.TrySetResult(await from);
        }
        catch (OperationCanceledException cancelled)
        {
            to.TrySetCanceled(cancelled.CancellationToken);
        }
        catch (Exception fault)
        {
            to.TrySetException(fault);
        }
    }

    private static async Task<bool> Answer(Task task)
    {
        await task;
        return true;
    }
}

/// <summary>The part of <see cref="SemaphoreSlim"/> that the product uses, without its hop to the pool.</summary>
internal sealed class ScheduledSemaphore(int count, int max = int.MaxValue) : IDisposable
{
    private readonly Queue<TaskCompletionSource<bool>> _waiting = new();
    private int _free = count;

    public Task WaitHereAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (_free > 0)
        {
            _free--;
            return Task.CompletedTask;
        }

        TaskCompletionSource<bool> turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (ct.CanBeCanceled)
            ct.UnsafeRegister(static (waiter, token) => ((TaskCompletionSource<bool>)waiter!).TrySetCanceled(token), turn);
        _waiting.Enqueue(turn);
        return turn.Task;
    }

    public void Release()
    {
        while (_waiting.TryDequeue(out TaskCompletionSource<bool>? next))
            if (next.TrySetResult(true)) return;
        if (_free == max) throw new SemaphoreFullException();
        _free++;
    }

    public void Dispose()
    {
    }
}

/// <summary>
/// The part of <see cref="PeriodicTimer"/> that the product uses. The framework's has a finalizer, and behind it hangs the whole world of a
/// schedule: each would live through two collections, and they would be full ones.
/// </summary>
internal sealed class ScheduledTicks : IDisposable
{
    private readonly ITimer _timer;
    private TaskCompletionSource<bool>? _waiting;
    private bool _isDue;

    public ScheduledTicks(TimeSpan period, TimeProvider time) =>
        _timer = time.CreateTimer(static ticks => ((ScheduledTicks)ticks!).Tick(), this, period, period);

    /// <summary>A tick that nobody waited for counts once, however many there were.</summary>
    public async ValueTask<bool> WaitForNextTickAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (_isDue)
        {
            _isDue = false;
            return true;
        }

        TaskCompletionSource<bool> next = _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration cancelling = ct.UnsafeRegister(
            static (waiter, token) => ((TaskCompletionSource<bool>)waiter!).TrySetCanceled(token), next);
        return await next.Task;
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        if (_waiting is { } waiting)
        {
            _waiting = null;
            if (waiting.TrySetResult(true)) return;
        }

        _isDue = true;
    }
}

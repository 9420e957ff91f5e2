using Chat.Domain.Cluster;
using Chat.Server.Sessions;

namespace Chat.Server.Cluster;

/// <summary>
/// Paces a loop that reads the truth from the database now and then: not two nodes in step, and at once when it is woken.
/// </summary>
/// <param name="shortest">Shortest pause between two rounds.</param>
/// <param name="longest">Longest pause; each is drawn anew.</param>
/// <remarks><see cref="Wake"/> is thread-safe; the rest belongs to the loop.</remarks>
internal sealed class Pace(TimeSpan shortest, TimeSpan longest, TimeProvider time)
{
    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan? _next;

    /// <summary>Ends the pause that is under way, or else the next one before it begins.</summary>
    public void Wake() => Volatile.Read(ref _woken).TrySetResult();

    /// <summary>The next pause is this long, because a round failed.</summary>
    public void HurryNext(TimeSpan pause) => _next = pause;

    /// <summary>Waits for a pause between the two bounds, or until woken.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        TimeSpan pause = _next ?? shortest + (longest - shortest) * Random.Shared.NextDouble();
        _next = null;
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task woken = Volatile.Read(ref _woken).Task;
        await Task.WhenAny(woken, Task.Delay(pause, time, enough.Token));
        await enough.CancelAsync(); // no timer is left behind
        ct.ThrowIfCancellationRequested();
        if (woken.IsCompleted) Volatile.Write(ref _woken, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}

/// <summary>What every loop that asks the database now and then goes by: when it may begin, the clock, and what wakes it.</summary>
internal sealed record LoopParts(StartGate Gate, TimeProvider Time, ControlReceiver Control);

using Chat.Domain.Cluster;
using Chat.Server.Sessions;

namespace Chat.Server.Cluster;

/// <summary>
/// Paces a loop that reads the truth from the database now and then: not two nodes in step, and at once when it is woken.
/// </summary>
/// <param name="shortest">Shortest pause between two rounds.</param>
/// <param name="longest">Longest pause; each is drawn anew.</param>
/// <param name="afterFault">The pause after a round that failed; null: as any other.</param>
/// <remarks><see cref="Wake"/> is thread-safe; <see cref="RunAsync"/> is called once.</remarks>
internal sealed class Pace(TimeSpan shortest, TimeSpan longest, TimeProvider time, TimeSpan? afterFault = null)
{
    /// <summary>A pause after a fault for loops whose round heals what a node did not hear.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends the pause that is under way, or else the next one before it begins.</summary>
    public void Wake() => Volatile.Read(ref _woken).TrySetResult();

    /// <summary>
    /// Runs round after round until stopped, a pause in front of each. A fault of whatever kind ends its round only: without this loop what
    /// it reads would never be known.
    /// </summary>
    /// <param name="onFault">Told of the first of several failures in a row.</param>
    public async Task RunAsync(Func<CancellationToken, Task> round, Action<Exception> onFault, CancellationToken stopping)
    {
        bool failing = false;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await WaitAsync(failing && afterFault is { } soon ? soon : Any(), stopping);
                await round(stopping);
                failing = false;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                if (!failing) onFault(fault);
                failing = true;
            }
        }
    }

    private TimeSpan Any() => shortest + (longest - shortest) * Random.Shared.NextDouble();

    /// <summary>Waits for the pause, or until woken.</summary>
    private async Task WaitAsync(TimeSpan pause, CancellationToken ct)
    {
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

namespace Chat.Server.Cluster;

/// <summary>
/// Paces a loop that reads the truth from the database now and then: not two nodes in step, and at once when it is woken.
/// </summary>
/// <param name="shortest">Shortest pause between two rounds.</param>
/// <param name="longest">Longest pause; each is drawn anew.</param>
/// <remarks><see cref="Wake"/> is thread-safe; <see cref="WaitAsync(CancellationToken)"/> belongs to the loop.</remarks>
internal sealed class Pace(TimeSpan shortest, TimeSpan longest, TimeProvider time)
{
    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends the pause that is under way, or else the next one before it begins.</summary>
    public void Wake() => Volatile.Read(ref _woken).TrySetResult();

    /// <summary>Waits for a pause between the two bounds, or until woken.</summary>
    public Task WaitAsync(CancellationToken ct) => WaitAsync(shortest + (longest - shortest) * Random.Shared.NextDouble(), ct);

    /// <summary>Waits for this pause, or until woken.</summary>
    public async Task WaitAsync(TimeSpan pause, CancellationToken ct)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task woken = Volatile.Read(ref _woken).Task;
        await Task.WhenAny(woken, Task.Delay(pause, time, enough.Token));
        await enough.CancelAsync(); // no timer is left behind
        ct.ThrowIfCancellationRequested();
        if (woken.IsCompleted) Volatile.Write(ref _woken, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}

namespace Chat.Server.Sessions;

/// <summary>Bounds how many requests of one connection may be unanswered; at the bound its read loop waits (backpressure).</summary>
/// <remarks>Entered by the read loop only; left by whatever thread ends a request.</remarks>
internal sealed class InFlightGate(int limit)
{
    private readonly Lock _gate = new();
    private int _open;
    private TaskCompletionSource? _room;

    /// <summary>Every request that was taken has been answered.</summary>
    public bool IsEmpty
    {
        get { lock (_gate) return _open == 0; }
    }

    /// <summary>Takes a request that has started. Completes when another one may be read.</summary>
    public ValueTask TrackAsync(ValueTask request)
    {
        if (request.IsCompletedSuccessfully) return default;
        Task? wait = null;
        lock (_gate)
        {
            if (++_open >= limit) wait = (_room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        _ = LeaveAfterAsync(request);
        return wait is null ? default : new ValueTask(wait);
    }

    private async Task LeaveAfterAsync(ValueTask request)
    {
        try
        {
            await request; // the dispatcher has answered every fault inside
        }
        finally
        {
            TaskCompletionSource? room;
            lock (_gate)
            {
                _open--;
                (room, _room) = (_room, null);
            }

            room?.TrySetResult();
        }
    }
}

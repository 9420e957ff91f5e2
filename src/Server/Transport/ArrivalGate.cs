namespace Chat.Server.Transport;

/// <summary>
/// Bounds the connections that are between their upgrade and the answer to their first message; the others wait in order, with their request
/// read and not yet answered. Of thousands that come at once each is so taken in to its end, one behind the other, instead of all of them half
/// and nobody in time. Thread-safe.
/// </summary>
/// <param name="most">Connections that may be inside.</param>
internal sealed class ArrivalGate(int most)
{
    /// <summary>How long a client may say nothing before its place is another's. It may go on, but is waited for no longer.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _inside;

    /// <summary>Connections that wait for a place.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>Completes when there is a place; who entered leaves once, with <see cref="Leave"/>.</summary>
    public Task EnterAsync()
    {
        lock (_gate)
        {
            if (_inside < most)
            {
                _inside++;
                return Task.CompletedTask;
            }

            TaskCompletionSource place = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(place);
            return place.Task;
        }
    }

    /// <summary>Gives the place to whoever has waited longest.</summary>
    public void Leave()
    {
        TaskCompletionSource? next;
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out next)) _inside--;
        }

        next?.SetResult();
    }
}

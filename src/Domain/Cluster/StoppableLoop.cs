namespace Chat.Domain.Cluster;

/// <summary>A loop that its owner begins once and ends once. Never begun, it ends at once. Stopping is thread-safe and may be repeated.</summary>
internal sealed class StoppableLoop : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>Cancelled when the loop is to end.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <param name="run">The loop; must end when <see cref="Stopping"/> is cancelled, without an exception.</param>
    public void Start(Func<Task> run) => _loop = Task.Run(run);

    /// <summary>Has the loop end and waits until it has.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }
}

namespace Chat.Scenario.Stage;

/// <summary>Lets steps run beside each other, a few at a time. They are made one after another, so that the script's choices have an order.</summary>
internal sealed class Crowd(int atOnce)
{
    private readonly SemaphoreSlim _room = new(atOnce);
    private readonly List<Task> _steps = [];

    /// <summary>Starts a step when there is room.</summary>
    public async Task StartAsync(Func<Func<Task>?> make, CancellationToken ct)
    {
        await _room.WaitAsync(ct);
        if (make() is not { } step) _room.Release();
        else _steps.Add(RunAsync(step));
    }

    /// <summary>Waits for all that were started.</summary>
    public async Task EndAsync()
    {
        await Task.WhenAll(_steps);
        _steps.Clear();
    }

    private async Task RunAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        finally
        {
            _room.Release();
        }
    }
}

namespace Chat.Server.Cli.NodeGroup;

/// <summary>A part of the group that is started again when it ends by itself, unless it is not to. Its lines are printed with its name in front.</summary>
internal sealed class SupervisedProcess(string name, Func<Action<string>, ChildProcess> start, TimeSpan stopPatience, bool restarts = true) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Queue<string> _lastLines = new();
    private ChildProcess? _child;
    private Task _watching = Task.CompletedTask;

    public string Name => name;

    /// <summary>The newest of what it printed, for the message that says why it did not start.</summary>
    public string LastLines
    {
        get { lock (_gate) return string.Join('\n', _lastLines); }
    }

    /// <summary>How often it ended by itself.</summary>
    public int Ends { get; private set; }

    public void Start()
    {
        _child = start(Print);
        _watching = WatchAsync();
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        if (_child is { } child) await child.StopAsync(stopPatience);
        await _watching;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_child is { } child) await child.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        while (true)
        {
            await _child!.Exited;
            if (_stopping.IsCancellationRequested) return;
            Ends++;
            Print($"ended with {_child.ExitCode}{(restarts ? "; starting it again" : "")}");
            if (!restarts) return;
            ChildProcess ended = _child;
            _child = null;
            await ended.DisposeAsync();
            _child = await StartAgainAsync();
            if (_child is null) return;
            if (!_stopping.IsCancellationRequested) continue;
            await _child.StopAsync(stopPatience); // who stops us saw none
            return;
        }
    }

    /// <summary>Null: it is to be stopped. What cannot be started now, as when no descriptors are left, is tried again.</summary>
    private async Task<ChildProcess?> StartAgainAsync()
    {
        while (true)
        {
            await Task.Delay(Pause, TimeProvider.System, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested) return null;
            try
            {
                return start(Print);
            }
            catch (NodeGroupException fault)
            {
                Print(fault.Message);
            }
        }
    }

    private void Print(string line)
    {
        lock (_gate)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > 20) _lastLines.Dequeue();
        }

        Console.Error.WriteLine($"{name,-8} | {line}");
    }
}

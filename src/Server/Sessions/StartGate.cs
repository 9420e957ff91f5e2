using Chat.AdminApi.Health;

namespace Chat.Server.Sessions;

/// <summary>
/// Closed from the moment the port answers until the database is there, its schema is up and this node's name is its own. Until then
/// <c>/health/live</c> is good, <c>/health/ready</c> says what is waited for, the API answers 503 and sign-ins are sent back.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StartGate : IReadyCheck
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _waitsFor = "the start is under way";

    public string Name => "start";

    /// <summary>Completes when the node serves.</summary>
    public Task Opened => _opened.Task;

    public bool IsOpen => _opened.Task.IsCompletedSuccessfully;

    /// <summary>Says what the start waits for; a stranger may read it.</summary>
    public void WaitFor(string what) => _waitsFor = what;

    public void Open() => _opened.TrySetResult();

    public ValueTask<string?> FindFaultAsync(CancellationToken ct) => new(IsOpen ? null : _waitsFor);
}

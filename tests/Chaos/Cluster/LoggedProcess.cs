using Chat.Load.Processes;

namespace Chat.Chaos.Cluster;

/// <summary>
/// A process of the cluster under test; what it says goes to a file that grows over restarts, which is kept with the history of a run that
/// failed. Ended by its id whatever becomes of the row.
/// </summary>
internal sealed class LoggedProcess : IAsyncDisposable
{
    private const int TailLines = 12;

    // The shell becomes the program, so its id is the program's.
    private const string Run = "exec \"$@\" >>\"$CHAOS_LOG\" 2>&1 </dev/null";

    private readonly ChildProcess _process;
    private readonly string _logFile;

    private LoggedProcess(ChildProcess process, string logFile) => (_process, _logFile) = (process, logFile);

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public static LoggedProcess Start(
        string logFile, string folder, IReadOnlyList<string> command, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var variables = new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>()) { ["CHAOS_LOG"] = logFile };
        return new LoggedProcess(ChildProcess.Start("sh", ["-c", Run, "sh", .. command], folder, variables), logFile);
    }

    /// <summary>The newest lines that it said.</summary>
    public string Tail() => File.Exists(_logFile) ? string.Join('\n', File.ReadLines(_logFile).TakeLast(TailLines)) : "";

    public void Signal(int signal)
    {
        if (!_process.HasExited) Signals.Send(_process.Id, signal);
    }

    public Task ExitedAsync(CancellationToken ct) => _process.ExitedAsync(ct);

    /// <summary>Cuts it off at once (SIGKILL) and waits until it is gone.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Wakes it if it was stopped, asks it to end, and cuts it off when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        Signal(Signals.Continue);
        await _process.DisposeAsync();
    }
}

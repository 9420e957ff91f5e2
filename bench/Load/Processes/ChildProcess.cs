using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Chat.Load.Processes;

/// <summary>A process that a run starts and ends; its output is kept for the message that says why it did not start.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int MaxKeptChars = 16_384;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(40); // longer than the server's drain

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The newest of what it printed.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <param name="environment">Variables besides ours; null takes one away.</param>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Repository.Root,
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        Process process;
        try
        {
            process = Process.Start(start) ?? throw new IOException($"'{program}' could not be started.");
        }
        catch (Win32Exception missing)
        {
            throw new IOException($"'{program}' could not be started: {missing.Message}", missing);
        }

        var child = new ChildProcess(process);
        process.OutputDataReceived += (_, line) => child.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => child.Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="IOException">It failed; its output is in the message.</exception>
    public static async Task RunAsync(string program, IEnumerable<string> arguments, string folder, CancellationToken ct)
    {
        await using ChildProcess child = Start(program, arguments, folder);
        await child.ExitedAsync(ct);
        if (child.ExitCode != 0) throw new IOException($"'{program}' failed with {child.ExitCode}:\n{child.Output}");
    }

    public Task ExitedAsync(CancellationToken ct) => _process.WaitForExitAsync(ct);

    /// <summary>Cuts it off at once (SIGKILL).</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end (SIGTERM), and cuts it off when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited && Engine.Libc.Kill(_process.Id, Engine.Libc.Terminate) == 0)
        {
            using var late = new CancellationTokenSource(StopTimeout);
            try
            {
                await _process.WaitForExitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                await Console.Error.WriteLineAsync($"process {_process.Id} did not end within {StopTimeout.TotalSeconds:0} s and was cut off");
            }
        }

        await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;

        lock (_output)
        {
            _output.AppendLine(line);
            if (_output.Length > MaxKeptChars) _output.Remove(0, _output.Length - MaxKeptChars);
        }
    }
}

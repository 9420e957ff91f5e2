using System.Diagnostics;
using System.Text.Json;

using Chat.Load.Processes;

namespace Chat.Load.Crowd;

/// <summary>A <see cref="CrowdWorker"/> as the one who gives the orders sees it.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<CrowdFindings> _findings = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private WorkerProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>The newest it told.</summary>
    public CrowdStatus Status { get; private set; } = new(0, 0, 0, 0, 0);

    public Task<CrowdFindings> Findings => _findings.Task;

    public static WorkerProcess Start(string planFile)
    {
        ProcessStartInfo start = new("dotnet", [typeof(WorkerProcess).Assembly.Location, CrowdCommand.WorkerVerb, "--plan", planFile])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Repository.Root,
        };
        return new WorkerProcess(Process.Start(start) ?? throw new IOException("A worker of the generator could not be started."));
    }

    public async Task OrderAsync(string order)
    {
        await _process.StandardInput.WriteLineAsync(order);
        await _process.StandardInput.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("{\"ready\"", StringComparison.Ordinal))
                Status = JsonSerializer.Deserialize(line, CrowdJson.Default.CrowdStatus)!;
            else if (line.StartsWith('{')) _findings.TrySetResult(JsonSerializer.Deserialize(line, CrowdJson.Default.CrowdFindings)!);
        }

        _findings.TrySetException(new IOException("A worker of the generator ended before its findings."));
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using Chat.Load.Processes;

namespace Chat.Scenario.Devices;

/// <summary>The process of Node.js that holds all devices on the TypeScript SDK; lines of JSON there and back. Thread-safe.</summary>
internal sealed class NodeDriver : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(Repository.Root, "tests/Scenario/driver/main.mjs");
    private static readonly string Packages = Path.Combine(Repository.Root, "clients");
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonNode?>> _asked = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly StringBuilder _errors = new();
    private readonly Process _process;
    private readonly Task _reading;
    private long _lastId;

    private NodeDriver(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
        _reading = ReadAsync();
    }

    public static NodeDriver Start()
    {
        ProcessStartInfo start = new("node", [Program, Packages])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new NodeDriver(Process.Start(start) ?? throw new IOException("'node' could not be started."));
    }

    /// <summary>Lets one device do one thing.</summary>
    /// <exception cref="OperationFailure">It was refused, or the network was gone.</exception>
    public async Task<JsonNode?> AskAsync(string device, string operation, JsonObject args, CancellationToken ct)
    {
        long id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        if (_reading.IsCompleted) throw Ended();
        JsonObject line = new() { ["id"] = id, ["device"] = device, ["op"] = operation, ["args"] = args.DeepClone() };
        await _writing.WaitAsync(ct);
        try
        {
            await _process.StandardInput.WriteLineAsync(line.ToJsonString().AsMemory(), ct);
            await _process.StandardInput.FlushAsync(ct);
        }
        finally
        {
            _writing.Release();
        }

        return await answer.Task.WaitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close(); // it closes its clients and ends
        using var late = new CancellationTokenSource(EndTimeout);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        await _reading;
        _process.Dispose();
        _writing.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            JsonNode answer = JsonNode.Parse(line) ?? throw new JsonException("The driver said null.");
            if (!_asked.TryRemove(answer["id"]!.GetValue<long>(), out TaskCompletionSource<JsonNode?>? asked)) continue;
            if (answer["error"] is { } error) asked.SetException(FailureOf(error));
            else asked.SetResult(answer["result"]?.DeepClone());
        }

        foreach (TaskCompletionSource<JsonNode?> asked in _asked.Values) asked.TrySetException(Ended());
    }

    private static OperationFailure FailureOf(JsonNode error) =>
        new(error["name"]!.GetValue<string>(), error["message"]!.GetValue<string>(), error["retryable"]!.GetValue<bool>());

    private IOException Ended()
    {
        lock (_errors) return new IOException($"The driver of the TypeScript SDK has ended:\n{_errors}");
    }

    private void Keep(string? line)
    {
        if (line is null) return;

        lock (_errors) _errors.AppendLine(line);
    }
}

using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Chat.TestKit;

namespace Chat.EndToEnd.Tests;

/// <summary>The real server as a process of its own, with its managed PostgreSQL, in a data directory of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Chat.Server.dll");

    private readonly StringBuilder _output = new();
    private readonly bool _ownsData;
    private readonly bool _demo;
    private int _descriptors;
    private Process? _process;

    private ServerProcess(string data, int port, bool demo, bool ownsData) => (Data, Port, _demo, _ownsData) = (data, port, demo, ownsData);

    public string Data { get; }

    public int Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}");

    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    public int ProcessId => _process!.Id;

    public bool HasExited => _process!.HasExited;

    /// <summary>What the process has used of the processors so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a server on a free port and waits until it is ready.</summary>
    /// <param name="descriptors">How many files the process may have open; 0 for the usual.</param>
    public static async Task<ServerProcess> StartAsync(bool demo = true, string? data = null, int descriptors = 0, CancellationToken ct = default)
    {
        string folder = data ?? Directory.CreateTempSubdirectory("chat-e2e-").FullName;
        ServerProcess server = new(folder, FreePort.Next(), demo, ownsData: data is null) { _descriptors = descriptors };
        await server.RestartAsync(ct);
        return server;
    }

    /// <summary>Runs one verb of the server's command line to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunVerbAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string input = "", CancellationToken ct = default)
    {
        using Process verb = Launch(arguments, environment);
        await verb.StandardInput.WriteAsync(input);
        verb.StandardInput.Close();
        Task<string> output = verb.StandardOutput.ReadToEndAsync(ct), error = verb.StandardError.ReadToEndAsync(ct);
        await verb.WaitForExitAsync(ct);
        return (verb.ExitCode, await output, await error);
    }

    /// <summary>Starts a verb and leaves it running.</summary>
    public static Process Launch(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        Launch(0, arguments, environment);

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task<int> StopAsync(CancellationToken ct)
    {
        await SignalAsync("TERM", ct);
        return await ExitedAsync(ct);
    }

    public async Task SignalAsync(string signal, CancellationToken ct)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{_process!.Id}"]);
        await kill.WaitForExitAsync(ct);
    }

    public async Task<int> ExitedAsync(CancellationToken ct)
    {
        await _process!.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    private static Process Launch(int descriptors, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] program = ["dotnet", Program, .. arguments];
        if (descriptors > 0) program = ["prlimit", $"--nofile={descriptors}:{descriptors}", .. program]; // becomes the program: the same process
        ProcessStartInfo start = new(program[0], program[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string key, string value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        return Process.Start(start)!;
    }

    /// <summary>Starts the process again on the same data and port, and waits until it is ready.</summary>
    public async Task RestartAsync(CancellationToken ct)
    {
        string[] demo = _demo ? [] : ["--no-demo"];
        _process?.Dispose();
        _process = Launch(_descriptors, ["dev", "--port", $"{Port}", "--data", Data, .. demo]);
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        using HttpClient http = new() { BaseAddress = Url };
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"The server ended with {_process.ExitCode}:\n{Output}");
            try
            {
                using HttpResponseMessage ready = await http.GetAsync("/health/ready", ct);
                if (ready.IsSuccessStatusCode && (!_demo || File.Exists(Path.Combine(Data, "server.json")))) return;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }
    }

    /// <summary>kill -9: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        _process!.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync(ct);
    }

    public JsonDocument ReadInstanceFile() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "server.json")));

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await StopAsync(CancellationToken.None);
        _process?.Dispose();
        if (_ownsData) Directory.Delete(Data, recursive: true);
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
    }
}

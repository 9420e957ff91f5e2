using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

using Chat.Load.Report;
using Chat.TestKit;

namespace Chat.Chaos.Cluster;

/// <summary>
/// One node: the built server as a process, with settings in its environment. Port and data stay over restarts. Not thread-safe.
/// </summary>
internal sealed class ServerNode : IAsyncDisposable
{
    private const int StartAttempts = 3; // another process may take the port first
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(3) };
    private LoggedProcess? _process;
    private int _metricsPort = FreePort.Next();

    private ServerNode(NodePlan plan) => (Plan, Port) = (plan, FreePort.Next());

    /// <summary>What the next start uses.</summary>
    public NodePlan Plan { get; set; }

    public int Port { get; private set; }

    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"http://{Plan.Address}:{Port}"));

    public IPEndPoint EndPoint => new(IPAddress.Parse(Plan.Address), Port);

    public int ProcessId => _process!.Id;

    public bool HasExited => _process!.HasExited;

    public string LogFile => Plan.LogFile ?? Path.Combine(Plan.Folder, "server.log");

    public double ResidentMegabytes => (ProcessUsage.Read(ProcessId)?.ResidentKilobytes ?? 0) / 1_024;

    public double CpuSeconds => ProcessUsage.Read(ProcessId)?.CpuSeconds ?? 0;

    public int OpenFiles => Signals.OpenFiles(ProcessId);

    /// <exception cref="IOException">It did not become ready; the end of its log is in the message.</exception>
    public static async Task<ServerNode> StartAsync(NodePlan plan, CancellationToken ct)
    {
        if (!File.Exists(plan.Program)) throw new FileNotFoundException($"'{plan.Program}' is not built: ./chat build does it.");
        Directory.CreateDirectory(plan.Folder);
        var node = new ServerNode(plan);
        try
        {
            await node.StartAgainAsync(ct);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on its port, and returns when it is ready: how long that took.</summary>
    public async Task<TimeSpan> StartAgainAsync(CancellationToken ct)
    {
        long began = Stopwatch.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            await LaunchAsync();
            if (await TryWaitUntilReadyAsync(ct)) return Stopwatch.GetElapsedTime(began);
            string tail = _process!.Tail();
            if (attempt == StartAttempts || !tail.Contains("in use", StringComparison.Ordinal))
                throw new IOException($"Node {Plan.Name} ended at its start:\n{tail}");
            (Port, _metricsPort) = (FreePort.Next(), FreePort.Next());
        }
    }

    /// <summary>Starts the process and does not wait.</summary>
    public async Task LaunchAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _process = LoggedProcess.Start(LogFile, Plan.Folder, [.. Plan.Prefix, "dotnet", Plan.Program, "serve"], Variables());
    }

    /// <summary>Whether <c>/health/ready</c> says 200.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(new Uri(Url, "/health/ready"), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception no) when (
            no is HttpRequestException or SocketException || (no is TaskCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>The sum of all series of a metric since the node's start, by its name in the text format; 0 while there is none.</summary>
    public async Task<double> ReadMetricAsync(string name, CancellationToken ct)
    {
        try
        {
            string text = await _http.GetStringAsync(
                new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{Plan.Address}:{_metricsPort}/metrics")), ct);
            return text.Split('\n')
                .Where(
                    line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is ' ' or '{')
                .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException)
        {
            return 0; // it is dead, or starts: it has counted nothing yet
        }
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public Task KillAsync() => _process!.KillAsync();

    public void Signal(int signal) => _process!.Signal(signal);

    /// <summary>SIGTERM: how long the end took, and its exit code.</summary>
    public async Task<(TimeSpan Took, int ExitCode)> TerminateAsync(CancellationToken ct)
    {
        long began = Stopwatch.GetTimestamp();
        _process!.Signal(Signals.Terminate);
        await _process.ExitedAsync(ct);
        return (Stopwatch.GetElapsedTime(began), _process.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is null) return;
        await _process.KillAsync(); // a clean end is a row of its own
        await _process.DisposeAsync();
    }

    private async Task<bool> TryWaitUntilReadyAsync(CancellationToken ct)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(ct))
        {
            if (_process!.HasExited) return false;
            if (Stopwatch.GetElapsedTime(began) > StartTimeout)
                throw new IOException($"Node {Plan.Name} was not ready within {StartTimeout.TotalSeconds:0} s:\n{_process.Tail()}");
            await Task.Delay(Poll, TimeProvider.System, ct);
        }

        return true;
    }

    private Dictionary<string, string?> Variables()
    {
        var variables = new Dictionary<string, string?>(Plan.Environment)
        {
            ["CHAT__Server__Host"] = Plan.Address,
            ["CHAT__Server__Port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["CHAT__Server__DataDirectory"] = Path.Combine(Plan.Folder, "data"),
            ["CHAT__Database__ConnectionString"] = Plan.ConnectionString,
            ["CHAT__Tokens__SigningKey"] = Plan.SigningKey,
            ["CHAT__Cluster__NodeId"] = Plan.Name,
            ["CHAT__Cluster__Redis"] = Plan.Redis,
        };
        if (Plan.ServesMetrics)
            variables["CHAT__Server__MetricsAddress"] = string.Create(CultureInfo.InvariantCulture, $"{Plan.Address}:{_metricsPort}");
        foreach ((string name, string value) in Plan.Settings)
            variables["CHAT__" + name.Replace(":", "__", StringComparison.Ordinal)] = value;
        return variables;
    }
}

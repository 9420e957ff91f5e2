using Chat.Load.Seed;

namespace Chat.Load.Processes;

/// <summary>A chat server in a data directory of its own, with its managed PostgreSQL; both go, with the directory, when it is disposed.</summary>
internal sealed class ChatServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly IReadOnlyList<string> _settings;
    private readonly int _nodes;
    private ChildProcess _process;

    private ChatServer(string directory, IReadOnlyList<string> settings, int nodes, int port)
    {
        (Directory, _settings, _nodes) = (directory, settings, nodes);
        _process = Launch(port);
        Target = null!;
    }

    public string Directory { get; }

    public LoadTarget Target { get; private set; }

    /// <param name="settings">Further settings, each as Section:Name=value.</param>
    /// <param name="nodes">Several run with a Redis between them, behind a balancer that the load does not go through.</param>
    /// <param name="port">One that no connection is given, for a server that is to start again; 0: any.</param>
    /// <exception cref="IOException">It did not start; its output is in the message.</exception>
    public static async Task<ChatServer> StartAsync(IReadOnlyList<string> settings, CancellationToken ct, int nodes = 1, int port = 0)
    {
        if (!File.Exists(Repository.ServerProgram))
            throw new FileNotFoundException($"'{Repository.ServerProgram}' is not built: run the scenario with ./chat bench, which builds it.");

        var server = new ChatServer(TemporaryDirectory.Create(), settings, nodes, port);
        try
        {
            await server.WaitUntilReadyAsync(ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Cuts the server off (SIGKILL); its database goes with it. The data stay.</summary>
    public async Task KillAsync()
    {
        await _process.KillAsync();
        File.Delete(InstanceFile); // the killed one could not
    }

    /// <summary>Starts again, on the same port and data.</summary>
    public async Task StartAgainAsync(CancellationToken ct)
    {
        await _process.DisposeAsync();
        _process = Launch(Target.Url.Port);
        await WaitUntilReadyAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private string InstanceFile => Path.Combine(Directory, "server.json");

    private ChildProcess Launch(int port) => ChildProcess.Start(
        "dotnet",
        [Repository.ServerProgram, "dev", "--no-demo", "--nodes", $"{_nodes}", "--no-restart", "--port", $"{port}", "--data", Directory, .. _settings.SelectMany(setting => new[] { "--set", setting })]);

    private async Task WaitUntilReadyAsync(CancellationToken ct)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(StartTimeout);
        while (!File.Exists(InstanceFile))
        {
            if (_process.HasExited) throw new IOException($"The server did not start:\n{_process.Output}");
            if (late.IsCancellationRequested)
            {
                ct.ThrowIfCancellationRequested();
                throw new IOException($"The server was not ready within {StartTimeout.TotalSeconds:0} s:\n{_process.Output}");
            }

            await Task.Delay(Poll, TimeProvider.System, ct);
        }

        Target = LoadTarget.FromInstance(Directory);
    }
}

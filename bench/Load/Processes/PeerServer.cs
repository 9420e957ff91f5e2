using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace Chat.Load.Processes;

/// <summary>One of bench/Peers, on a port of its own choice.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private const string ReadyLine = "listening on ";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly ChildProcess _process;

    private PeerServer(ChildProcess process) => _process = process;

    public int ProcessId => _process.Id;

    public IPEndPoint Server { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Starts bun.js, installing Bun first where it is missing.</summary>
    public static async Task<PeerServer> StartBunAsync(TextWriter progress, CancellationToken ct)
    {
        if (FindBun() is null)
        {
            await progress.WriteLineAsync("installing Bun (npm)");
            // Not `npm ci`: it wants the packages of every other platform in the lock file, and registries lack some of them.
            await ChildProcess.RunAsync("npm", ["install", "--no-audit", "--no-fund"], Repository.Peers, ct);
        }

        string program = FindBun() ?? throw new IOException($"npm installed no Bun for this machine below '{Repository.Peers}/node_modules'.");
        return await StartAsync(program, [Path.Combine(Repository.Peers, "bun.js")], ct);
    }

    /// <summary>Starts the SignalR hub, building it first where it is missing.</summary>
    /// <param name="connectionString">It inserts each message there; null: it stores nothing.</param>
    public static async Task<PeerServer> StartSignalRAsync(string? connectionString, TextWriter progress, CancellationToken ct)
    {
        string folder = Path.Combine(Repository.Peers, "SignalR");
        string program = Path.Combine(folder, "bin", "Release", "net10.0", "Chat.Peers.SignalR.dll");
        if (!File.Exists(program))
        {
            await progress.WriteLineAsync("building the SignalR peer");
            await ChildProcess.RunAsync("dotnet", ["build", "-c", "Release", "--nologo", "-v", "quiet"], folder, ct);
        }

        return await StartAsync("dotnet", connectionString is null ? [program] : [program, connectionString], ct);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // The package's install script moves the program of this machine into the package itself; where such scripts are off, it lies where
    // it was unpacked.
    private static string? FindBun()
    {
        string modules = Path.Combine(Repository.Peers, "node_modules");
        string architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x64";
        string[] places = [Path.Combine(modules, "@oven", $"bun-linux-{architecture}", "bin", "bun"), Path.Combine(modules, "bun", "bin", "bun.exe")];
        return places.FirstOrDefault(File.Exists);
    }

    private static async Task<PeerServer> StartAsync(string program, IEnumerable<string> arguments, CancellationToken ct)
    {
        var peer = new PeerServer(ChildProcess.Start(program, arguments));
        try
        {
            peer.Server.Port = await peer.PortAsync(ct);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    private async Task<int> PortAsync(CancellationToken ct)
    {
        using var late = new CancellationTokenSource(StartTimeout);
        while (true)
        {
            string output = _process.Output;
            int at = output.IndexOf(ReadyLine, StringComparison.Ordinal);
            int end = at < 0 ? -1 : output.IndexOf('\n', at);
            if (end > 0) return int.Parse(output.AsSpan(at + ReadyLine.Length, end - at - ReadyLine.Length).Trim(), CultureInfo.InvariantCulture);
            if (_process.HasExited) throw new IOException($"The peer did not start:\n{output}");
            if (late.IsCancellationRequested) throw new IOException($"The peer was not ready within {StartTimeout.TotalSeconds:0} s:\n{output}");

            await Task.Delay(Poll, TimeProvider.System, ct);
        }
    }
}

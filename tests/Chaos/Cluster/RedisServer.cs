using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

using Chat.Storage.Managed;
using Chat.TestKit;

namespace Chat.Chaos.Cluster;

/// <summary>A private Redis on loopback that keeps nothing on disk. Its port stays over restarts. Not thread-safe.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(40);

    private readonly string _folder;
    private readonly string _listen;
    private LoggedProcess? _process;

    private RedisServer(string folder, string listen)
    {
        (_folder, _listen) = (folder, listen);
        Port = FreePort.Next();
    }

    public int Port { get; }

    public static bool IsInstalled => SearchPath.Has("redis-server");

    /// <param name="alsoListen">Addresses besides 127.0.0.1.</param>
    /// <exception cref="IOException">It is not installed, or did not start.</exception>
    public static async Task<RedisServer> StartAsync(string folder, IEnumerable<string> alsoListen, CancellationToken ct)
    {
        if (!IsInstalled) throw new IOException("redis-server is not installed (Debian, Ubuntu: apt-get install redis-server).");
        Directory.CreateDirectory(folder);
        var server = new RedisServer(folder, string.Join(' ', (string[])["127.0.0.1", .. alsoListen]));
        try
        {
            await server.StartAgainAsync(ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task StartAgainAsync(CancellationToken ct)
    {
        if (_process is not null) await _process.DisposeAsync();
        string port = Port.ToString(CultureInfo.InvariantCulture);
        _process = LoggedProcess.Start(
            Path.Combine(_folder, "redis.log"), _folder,
            [
                "redis-server", "--port", port, "--bind", .. _listen.Split(' '), "--protected-mode", "no", "--save", "", "--appendonly",
                "no", "--dir", _folder, "--enable-debug-command", "yes"
            ]);
        long began = Stopwatch.GetTimestamp();
        while (await TryAskAsync("PING", ct) is not "+PONG")
        {
            if (_process.HasExited) throw new IOException($"Redis ended at its start:\n{_process.Tail()}");
            if (Stopwatch.GetElapsedTime(began) > StartTimeout) throw new IOException($"Redis did not answer:\n{_process.Tail()}");
            await Task.Delay(Poll, TimeProvider.System, ct);
        }
    }

    public Task KillAsync() => _process!.KillAsync();

    public void Signal(int signal) => _process!.Signal(signal);

    /// <summary>The first line of Redis's answer; null when there is none.</summary>
    public async Task<string?> TryAskAsync(string command, CancellationToken ct)
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", Port, ct);
            await using NetworkStream stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), ct);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync(ct);
        }
        catch (Exception gone) when (gone is SocketException or IOException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        Signal(Signals.Continue);
        await _process.KillAsync(); // nothing of it is kept
        await _process.DisposeAsync();
    }
}

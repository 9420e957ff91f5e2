using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Chat.TestKit;

/// <summary>
/// A private, empty redis-server on a free port with a directory of its own, to be killed, stopped and started again by a test. It ends
/// with the test process, however that ends.
/// </summary>
public sealed class TestRedis : IAsyncDisposable
{
    private const string Program = "redis-server";
    private const int SigKill = 9;
    private const int SigContinue = 18;
    private const int SigStop = 19;

    // The shell tells the server's id. When the pipe from us closes because we were killed, it leaves nothing behind.
    private const string Supervise = """
        exec 3<&0 </dev/null 2>/dev/null
        folder=$1; shift
        "$@" 3<&- >/dev/null 2>&1 &
        server=$!
        echo $server
        (
            while read -r _; do :; done <&3
            rm -rf "$folder"
            kill -KILL $server
        ) >/dev/null 2>&1 &
        watch=$!
        exec 3<&-
        wait $server
        kill -KILL $watch 2>/dev/null
        """;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("chat-redis-").FullName;
    private readonly string[] _program;
    private readonly string[] _arguments;
    private Process? _shell;
    private int _pid;

    /// <param name="program">The server and what must stand before its options.</param>
    private TestRedis(string[] program, string[] arguments) => (_program, _arguments) = (program, arguments);

    /// <summary>Null where redis-server is installed; otherwise what to do.</summary>
    public static string? Missing { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':').Any(folder => File.Exists(Path.Combine(folder, Program)))
            ? null
            : "redis-server is not installed. Install it (Debian, Ubuntu: sudo apt-get install redis-server; its service may stay off) "
                + "and run again.";

    /// <summary>True where a test that does not find its service must fail instead of being skipped.</summary>
    public static bool IsRequired { get; } = Environment.GetEnvironmentVariable("CHAT_TESTS_REQUIRE_SERVICES") == "1";

    public int Port { get; private set; }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <param name="arguments">More of redis-server's options, e.g. <c>--requirepass</c>.</param>
    public static Task<TestRedis> StartAsync(params string[] arguments) => StartAsync(
        new TestRedis([Program], ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1", .. arguments]));

    /// <summary>A Sentinel instead of a server.</summary>
    /// <param name="configurationFile">What it monitors; it writes to this file.</param>
    public static Task<TestRedis> StartSentinelAsync(string configurationFile) =>
        StartAsync(new TestRedis([Program, configurationFile, "--sentinel"], []));

    /// <summary>Ends the server at once, as kill -9 does.</summary>
    public async Task KillAsync()
    {
        if (_shell is not { } shell) return;
        _shell = null;
        Signal(SigKill);
        await shell.WaitForExitAsync();
        shell.Dispose();
    }

    /// <summary>Starts it again, empty, on the port that it had.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await LaunchAsync();
    }

    /// <summary>The server does nothing any more; its sockets stay open and its kernel goes on taking bytes for it.</summary>
    public void Stop() => Signal(SigStop);

    public void Continue() => Signal(SigContinue);

    /// <summary>Runs one command over a connection of its own.</summary>
    /// <param name="parts">Texts and byte arrays.</param>
    /// <returns>The first line of the answer, or the value when that is a string.</returns>
    public async Task<string> CommandAsync(params object[] parts)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encode(parts));
        using StreamReader reader = new(stream, Encoding.Latin1);
        string first = await reader.ReadLineAsync() ?? throw new IOException("Redis closed the connection.");
        return first.StartsWith('$') && first != "$-1" ? await reader.ReadLineAsync() ?? "" : first;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static byte[] Encode(object[] parts)
    {
        using MemoryStream bytes = new();
        bytes.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"*{parts.Length}\r\n")));
        foreach (object part in parts)
        {
            byte[] value = part as byte[] ?? Encoding.UTF8.GetBytes(Convert.ToString(part, CultureInfo.InvariantCulture)!);
            bytes.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${value.Length}\r\n")));
            bytes.Write(value);
            bytes.Write("\r\n"u8);
        }

        return bytes.ToArray();
    }

    private static async Task<TestRedis> StartAsync(TestRedis redis)
    {
        for (int attempt = 1; ; attempt++)
        {
            redis.Port = FreePort.Next();
            try
            {
                await redis.LaunchAsync();
                return redis;
            }
            catch (IOException) when (attempt < 5)
            {
                // Somebody took the port in between.
            }
        }
    }

    private async Task LaunchAsync()
    {
        string[] options =
            [
                "--port", Port.ToString(CultureInfo.InvariantCulture), "--dir", _folder, "--logfile", Path.Combine(_folder, "redis.log"),
                .. _arguments
            ];
        ProcessStartInfo start = new("sh", ["-c", Supervise, "chat-redis", _folder, .. _program, .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process shell = Process.Start(start)!;
        string? pid = await shell.StandardOutput.ReadLineAsync();
        if (!int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out _pid))
            throw new IOException("The shell around redis-server did not start.");
        using CancellationTokenSource patience = new(StartTimeout);
        while (!await AnswersAsync())
        {
            if (shell.HasExited)
            {
                shell.Dispose();
                throw new IOException($"redis-server ended at once; its log is in {_folder}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }

        _shell = shell;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            string answer = await CommandAsync("PING");
            return answer.StartsWith("+PONG", StringComparison.Ordinal) || answer.StartsWith("-NOAUTH", StringComparison.Ordinal);
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return false;
        }
    }

    private void Signal(int signal)
    {
        if (Kill(_pid, signal) != 0)
            throw new IOException($"Signal {signal} did not reach redis-server ({Marshal.GetLastPInvokeError()}).");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}

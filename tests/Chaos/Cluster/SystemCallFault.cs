using System.Globalization;

using Chat.Storage.Managed;

namespace Chat.Chaos.Cluster;

/// <summary>
/// Makes fdatasync(2) of all processes of a PostgreSQL slow or faulty, with strace's injection: the calls that make a commit durable.
/// Not thread-safe.
/// </summary>
internal sealed class SystemCallFault : IAsyncDisposable
{
    private readonly LoggedProcess _strace;

    private SystemCallFault(LoggedProcess strace) => _strace = strace;

    /// <summary>Why it cannot be done here, or null.</summary>
    public static string? FindObstacle() => !SearchPath.Has("strace")
        ? "strace is not installed"
        : Environment.IsPrivilegedProcess ? null : "tracing another user's processes needs root";

    /// <summary>Each call takes that much longer.</summary>
    public static Task<SystemCallFault> DelayAsync(PostgresServer postgres, string folder, TimeSpan delay, CancellationToken ct) =>
        StartAsync(postgres, folder, string.Create(CultureInfo.InvariantCulture, $"fdatasync:delay_enter={delay.TotalMicroseconds:0}"), ct);

    /// <summary>From the given call on, calls of each process fail with EIO.</summary>
    public static Task<SystemCallFault> FailAsync(PostgresServer postgres, string folder, int fromCall, CancellationToken ct) =>
        StartAsync(postgres, folder, string.Create(CultureInfo.InvariantCulture, $"fdatasync:error=EIO:when={fromCall}"), ct);

    public async ValueTask DisposeAsync() => await _strace.DisposeAsync();

    private static async Task<SystemCallFault> StartAsync(PostgresServer postgres, string folder, string injection, CancellationToken ct)
    {
        string log = Path.Combine(folder, "strace.log");
        File.Delete(log);
        IReadOnlyList<int> processes = postgres.Processes();
        string[] targets = [.. processes.SelectMany(id => (string[])["-p", id.ToString(CultureInfo.InvariantCulture)])];
        LoggedProcess strace = LoggedProcess.Start(
            log, folder, ["strace", "-f", "-o", "/dev/null", .. targets, "-e", "trace=fdatasync", "-e", $"inject={injection}"]);
        var fault = new SystemCallFault(strace);
        try
        {
            // It says "attached" once for each process.
            while (!strace.HasExited && CountAttached(log) < processes.Count)
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
            if (strace.HasExited) throw new IOException($"strace ended: {strace.Tail()}");
            return fault;
        }
        catch
        {
            await fault.DisposeAsync();
            throw;
        }
    }

    private static int CountAttached(string log) =>
        File.Exists(log) ? File.ReadLines(log).Count(line => line.Contains("attached", StringComparison.Ordinal)) : 0;
}

using System.Diagnostics;

namespace Chat.Storage.Managed;

/// <summary>
/// A running postmaster under a small shell that holds the reading end of a pipe from us. When we end, in order or by kill -9, the
/// kernel closes the pipe, and the shell shuts PostgreSQL down: fast, and after five seconds at once.
/// </summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    // $1 is the log, the rest the command. The server gets its own file descriptors, not the pipe. The shell ignores the signals that
    // a terminal or a service manager sends to everybody: PostgreSQL is to outlive them until our own drain is through.
    private const string Supervise = """
        trap '' HUP INT TERM
        log=$1; shift
        [ -f "$log" ] && [ "$(wc -c <"$log")" -gt 10000000 ] && mv "$log" "$log.old"
        exec 3<&0 </dev/null >>"$log" 2>&1
        "$@" 3<&- &
        server=$!
        (
            while read -r _; do :; done <&3
            kill -INT $server
            n=0
            while [ $n -lt 50 ] && kill -0 $server 2>/dev/null; do sleep 0.1; n=$((n + 1)); done
            kill -QUIT $server 2>/dev/null
        ) &
        watch=$!
        exec 3<&-
        wait $server
        code=$?
        kill -KILL $watch 2>/dev/null
        exit $code
        """;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly TimeProvider _time;

    private PostgresProcess(Process process, TimeProvider time)
    {
        (_process, _time) = (process, time);
        Exited = process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Ends when PostgreSQL and its shell have ended, for whatever reason.</summary>
    public Task Exited { get; }

    public static PostgresProcess Start(PostgresUser user, string logFile, IReadOnlyList<string> command, TimeProvider time)
    {
        // A session of its own, so that Ctrl-C in a terminal reaches the server only.
        IReadOnlyList<string> session = SearchPath.Has("setsid") ? ["setsid"] : [];
        ProcessStartInfo start = ShellCommand.CreateStartInfo(
            [.. session, .. user.Command(["sh", "-c", Supervise, "chat-postgres", logFile, .. command])]);
        var process = new Process { StartInfo = start };
        process.Start();
        return new PostgresProcess(process, time);
    }

    /// <summary>What was said before the log was open (by setpriv, for instance). Call after <see cref="Exited"/>.</summary>
    public string ReadEarlyErrors() => _process.StandardError.ReadToEnd().Trim();

    /// <summary>Shuts PostgreSQL down (open transactions are rolled back) and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await Exited.WaitAsync(StopTimeout, _time);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await Exited;
        }
        _process.Dispose();
    }
}

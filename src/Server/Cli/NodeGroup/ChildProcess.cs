using System.ComponentModel;
using System.Diagnostics;
using Chat.Storage.Managed;

namespace Chat.Server.Cli.NodeGroup;

/// <summary>
/// A program under a small shell that holds the reading end of a pipe from us: when this process ends, in order or by kill -9, the kernel
/// closes the pipe and the shell ends the program. Ctrl-C in a terminal reaches us only: the program is in a session of its own, or leaves the
/// terminal's process group by itself.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const string Supervise = """
        trap '' HUP INT TERM
        input=$CHAT_CHILD_INPUT
        unset CHAT_CHILD_INPUT
        exec 3<&0 </dev/null
        if [ -n "$input" ]; then printf '%s\n' "$input" | "$@" 3<&- & else "$@" 3<&- & fi
        child=$!
        ( while read -r _; do :; done <&3; kill -TERM $child ) &
        watch=$!
        exec 3<&-
        wait $child
        code=$?
        kill -KILL $watch 2>/dev/null
        exit $code
        """;

    private readonly Process _process;

    private ChildProcess(Process process)
    {
        _process = process;
        Exited = process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Ends when the program has ended, for whatever reason.</summary>
    public Task Exited { get; }

    public int ExitCode => _process.ExitCode;

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Added to our own.</param>
    /// <param name="onLine">Called with each line that it prints on its standard error, and unless <paramref name="dropsOutput"/> on its
    /// standard output, from any thread.</param>
    /// <param name="input">What the program reads on its standard input; null for nothing. Keeps secrets out of the list of
    /// processes.</param>
    /// <param name="leavesGroup">It obeys <see cref="ProcessGroup.Variable"/>, and stays in our session.</param>
    /// <exception cref="NodeGroupException">The shell could not be started.</exception>
    public static ChildProcess Start(
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string> environment,
        Action<string> onLine,
        string? input = null,
        bool dropsOutput = false,
        bool leavesGroup = false)
    {
        string[] session = !leavesGroup && SearchPath.Has("setsid") ? ["setsid"] : [];
        string[] all = [.. session, "sh", "-c", Supervise, "chat-child", .. command];
        ProcessStartInfo start = new(all[0], all[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        start.Environment["CHAT_CHILD_INPUT"] = input ?? "";
        if (leavesGroup) start.Environment[ProcessGroup.Variable] = "1";
        Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) => Tell(dropsOutput ? null : line.Data);
        process.ErrorDataReceived += (_, line) => Tell(line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception missing)
        {
            throw new NodeGroupException($"'{all[0]}' could not be started: {missing.Message}");
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ChildProcess(process);

        void Tell(string? line)
        {
            if (!string.IsNullOrEmpty(line)) onLine(line);
        }
    }

    /// <summary>Asks it to end (SIGTERM) and waits; after <paramref name="patience"/> it is cut off.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        _process.StandardInput.Close();
        try
        {
            await Exited.WaitAsync(patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await Exited;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await StopAsync(TimeSpan.FromSeconds(5));
        _process.Dispose();
    }
}

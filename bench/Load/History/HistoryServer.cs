using System.Diagnostics;

using Chat.Load.Seed;

namespace Chat.Load.History;

/// <summary>The real server as a process of its own on a seeded data directory; it ends with this object.</summary>
internal sealed class HistoryServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private HistoryServer(Process process, LoadTarget target) => (_process, Target) = (process, target);

    public LoadTarget Target { get; }

    /// <param name="program">Chat.Server.dll.</param>
    /// <param name="directory">The data directory; <c>server.log</c> in it has what the server says.</param>
    /// <exception cref="InvalidOperationException">It ended at its start.</exception>
    public static async Task<HistoryServer> StartAsync(string program, string directory, TimeProvider time, CancellationToken ct)
    {
        string instance = Path.Combine(directory, "server.json");
        File.Delete(instance); // of a run before
        // Ten thousand connections are opened before the first of them says hello; the product's ten seconds are not for that.
        string[] arguments =
        [
            "-c", "exec dotnet \"$0\" dev --no-demo --port 0 --data \"$1\" --set Sessions:HelloTimeout=00:02:00 --set Sessions:PingInterval=00:02:00 >\"$1/server.log\" 2>&1",
            program, directory,
        ];
        Process process = Process.Start(new ProcessStartInfo("sh", arguments))!;
        try
        {
            long started = time.GetTimestamp();
            while (!File.Exists(instance))
            {
                if (process.HasExited || time.GetElapsedTime(started) > StartTimeout)
                    throw new InvalidOperationException($"The server did not start: {await File.ReadAllTextAsync(Path.Combine(directory, "server.log"), ct)}");
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, ct);
            }

            return new HistoryServer(process, LoadTarget.FromInstance(directory));
        }
        catch
        {
            await StopAsync(process);
            throw;
        }
    }

    public ValueTask DisposeAsync() => StopAsync(_process);

    private static async ValueTask StopAsync(Process process)
    {
        if (!process.HasExited)
        {
            using Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]); // it takes its PostgreSQL along
            await kill.WaitForExitAsync();
            await process.WaitForExitAsync().WaitAsync(StopTimeout);
        }

        process.Dispose();
    }
}

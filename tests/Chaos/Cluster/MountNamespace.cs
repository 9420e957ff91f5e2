using System.Globalization;

using Chat.Storage.Managed;

namespace Chat.Chaos.Cluster;

/// <summary>
/// A mount namespace of its own, held open by a sleeping process, in which small file systems can be mounted: nobody else sees them, and
/// they go with it. Needs root. Not thread-safe.
/// </summary>
internal sealed class MountNamespace : IAsyncDisposable
{
    private readonly LoggedProcess _holder;

    private MountNamespace(LoggedProcess holder) => _holder = holder;

    /// <summary>In front of a command that is to see the mounts.</summary>
    public IReadOnlyList<string> Prefix => ["nsenter", "--mount", "--target", _holder.Id.ToString(CultureInfo.InvariantCulture), "--"];

    /// <exception cref="NotSupportedException">This machine does not allow it; the message says why.</exception>
    public static async Task<MountNamespace> CreateAsync(string folder, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess) throw new NotSupportedException("mount namespaces need root");
        ShellResult trial = await ShellCommand.RunAsync(["unshare", "--mount", "--propagation", "private", "true"], ct);
        if (!trial.Succeeded) throw new NotSupportedException($"mount namespaces are refused: {trial.Output}");
        LoggedProcess holder = LoggedProcess.Start(
            Path.Combine(folder, "mounts.log"), folder, ["unshare", "--mount", "--propagation", "private", "sleep", "infinity"]);
        var space = new MountNamespace(holder);
        try
        {
            await space.WaitUntilEnteredAsync(ct);
            return space;
        }
        catch
        {
            await space.DisposeAsync();
            throw;
        }
    }

    /// <summary>Mounts an empty file system in memory.</summary>
    /// <param name="owner">As chown takes it.</param>
    public async Task MountAsync(string path, int megabytes, string owner, CancellationToken ct)
    {
        Directory.CreateDirectory(path);
        string size = string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m");
        await RunAsync(["mount", "-t", "tmpfs", "-o", size, "tmpfs", path], ct);
        await RunAsync(["chown", owner, path], ct);
        await RunAsync(["chmod", "0700", path], ct);
    }

    /// <summary>How a path of the namespace is reached from outside.</summary>
    public string FromOutside(string path) => string.Create(CultureInfo.InvariantCulture, $"/proc/{_holder.Id}/root{path}");

    /// <summary>Takes all the room that a file system has left.</summary>
    public async Task FillAsync(string folder, CancellationToken ct) =>
        // It ends with "no space left": that is what it is for.
        await ShellCommand.RunAsync([.. Prefix, "dd", "if=/dev/zero", $"of={folder}/filler", "bs=64k"], ct);

    /// <summary>Gives the room back.</summary>
    public Task FreeAsync(string folder, CancellationToken ct) => RunAsync(["rm", "-f", $"{folder}/filler"], ct);

    public async ValueTask DisposeAsync()
    {
        await _holder.KillAsync();
        await _holder.DisposeAsync();
    }

    // unshare becomes sleep once it has its namespace.
    private async Task WaitUntilEnteredAsync(CancellationToken ct)
    {
        string command = string.Create(CultureInfo.InvariantCulture, $"/proc/{_holder.Id}/comm");
        while (!_holder.HasExited && (await File.ReadAllTextAsync(command, ct)).Trim() != "sleep")
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ct);
        if (_holder.HasExited) throw new NotSupportedException($"the mount namespace was not made: {_holder.Tail()}");
    }

    private async Task RunAsync(IReadOnlyList<string> command, CancellationToken ct)
    {
        ShellResult done = await ShellCommand.RunAsync([.. Prefix, .. command], ct);
        if (!done.Succeeded) throw new IOException($"{string.Join(' ', command)}: {done.Output}");
    }
}

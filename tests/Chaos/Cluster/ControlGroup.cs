using System.Globalization;

namespace Chat.Chaos.Cluster;

/// <summary>
/// A control group of version 1, made below the one that this process is in. Goes when it is disposed, its processes back where they came
/// from. Not thread-safe.
/// </summary>
internal sealed class ControlGroup : IDisposable
{
    private readonly string _parent;

    private ControlGroup(string parent, string folder) => (_parent, Folder) = (parent, folder);

    /// <summary>Where its files are.</summary>
    public string Folder { get; }

    /// <summary>Null where there are no such groups, or where we may not make one.</summary>
    /// <param name="controller">Such as <c>cpu</c>.</param>
    /// <param name="file">One of its files, which must be there.</param>
    public static ControlGroup? TryCreate(string controller, string file)
    {
        // Below the group that we are in ourselves: 1:cpu:/some/group.
        string? line = File.ReadLines("/proc/self/cgroup").FirstOrDefault(text => text.Split(':')[1].Split(',').Contains(controller));
        string parent = $"/sys/fs/cgroup/{controller}{line?.Split(':', 3)[2].TrimEnd('/')}";
        if (line is null || !Directory.Exists(parent)) return null;
        string folder = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"chat-chaos-{Environment.ProcessId}"));
        try
        {
            Directory.CreateDirectory(folder);
            return File.Exists(Path.Combine(folder, file)) ? new ControlGroup(parent, folder) : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Set(string file, long value) =>
        File.WriteAllText(Path.Combine(Folder, file), value.ToString(CultureInfo.InvariantCulture));

    public long Read(string file) => long.Parse(File.ReadAllText(Path.Combine(Folder, file)), CultureInfo.InvariantCulture);

    /// <summary>Takes a process in, with what it uses from now on.</summary>
    public void Take(int process) => Set("cgroup.procs", process);

    /// <summary>Lets all of its processes go.</summary>
    public void Free()
    {
        foreach (string process in File.ReadAllLines(Path.Combine(Folder, "cgroup.procs")))
        {
            if (Directory.Exists($"/proc/{process}")) File.WriteAllText(Path.Combine(_parent, "cgroup.procs"), process);
        }
    }

    public void Dispose()
    {
        Free();
        Directory.Delete(Folder); // a group of the kernel's: its files go with it
    }
}

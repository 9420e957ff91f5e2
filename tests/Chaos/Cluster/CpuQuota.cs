using System.Globalization;

namespace Chat.Chaos.Cluster;

/// <summary>
/// A cgroup of its own (version 1) that gives one process a share of a core. Goes when it is disposed, its process freed. Not thread-safe.
/// </summary>
internal sealed class CpuQuota : IDisposable
{
    private const int PeriodMicroseconds = 100_000;

    private readonly string _parent;
    private readonly string _folder;
    private int _process;

    private CpuQuota(string parent, string folder) => (_parent, _folder) = (parent, folder);

    /// <summary>Null where there are no such groups, or where we may not make one.</summary>
    public static CpuQuota? TryCreate()
    {
        // Below the group that we are in ourselves: 1:cpu:/some/group.
        string? line = File.ReadLines("/proc/self/cgroup").FirstOrDefault(text => text.Split(':')[1].Split(',').Contains("cpu"));
        string parent = "/sys/fs/cgroup/cpu" + line?.Split(':', 3)[2].TrimEnd('/');
        if (line is null || !Directory.Exists(parent)) return null;
        string folder = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"chat-chaos-{Environment.ProcessId}"));
        try
        {
            Directory.CreateDirectory(folder);
            return File.Exists(Path.Combine(folder, "cpu.cfs_quota_us")) ? new CpuQuota(parent, folder) : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Limit(int process, int percentOfACore)
    {
        _process = process;
        Write(Path.Combine(_folder, "cpu.cfs_period_us"), PeriodMicroseconds);
        Write(Path.Combine(_folder, "cpu.cfs_quota_us"), PeriodMicroseconds * percentOfACore / 100);
        Write(Path.Combine(_folder, "cgroup.procs"), process);
    }

    /// <summary>Gives the process its cores back.</summary>
    public void Free()
    {
        if (_process != 0 && Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process}")))
            Write(Path.Combine(_parent, "cgroup.procs"), _process);
        _process = 0;
    }

    public void Dispose()
    {
        Free();
        Directory.Delete(_folder); // a group of the kernel's: its files go with it
    }

    private static void Write(string file, int value) => File.WriteAllText(file, value.ToString(CultureInfo.InvariantCulture));
}

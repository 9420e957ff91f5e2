using System.Globalization;
using Chat.Server.Hosting;

namespace Chat.Server.Limits;

/// <summary>
/// How much of the memory that this process may have is in use: of <c>Server:MaxMemoryBytes</c>, else of its control group (what the group
/// has, less the file cache that the kernel can drop) or of the collector's hard limit, whichever is nearer to its end. Without any of them
/// nothing is known, and nothing is refused for memory.
/// </summary>
internal sealed class MemoryShare
{
    private static readonly string[] LimitFiles = ["memory.max", "memory.limit_in_bytes"];

    private readonly long _configured;
    private readonly string? _group;
    private readonly long _heapLimit;

    public MemoryShare(ServerOptions options)
        : this(options, "/sys/fs/cgroup", "/proc/self/cgroup")
    {
    }

    /// <param name="root">Where control groups are mounted.</param>
    /// <param name="membership">The file that says which group this process is in.</param>
    internal MemoryShare(ServerOptions options, string root, string membership)
    {
        _configured = options.MaxMemoryBytes;
        _group = FindGroup(root, membership);
        _heapLimit = Convert.ToInt64(GC.GetConfigurationVariables().GetValueOrDefault("GCHeapHardLimit", 0L), CultureInfo.InvariantCulture);
    }

    /// <summary>0 to 1 and somewhat above; 0 when there is no limit.</summary>
    public double Read()
    {
        if (_configured > 0) return (double)Environment.WorkingSet / _configured;
        double heap = _heapLimit > 0 ? (double)GC.GetTotalMemory(forceFullCollection: false) / _heapLimit : 0;
        return Math.Max(heap, ReadGroup());
    }

    /// <summary>
    /// The folder of this process' group: version 2, or the memory controller of version 1; inside of a container its own is at the root.
    /// </summary>
    private static string? FindGroup(string root, string membership)
    {
        if (!File.Exists(membership)) return null;
        foreach (string line in File.ReadLines(membership))
        {
            string[] parts = line.Split(':', 3); // number : controllers : path
            if (parts.Length < 3) continue;
            bool isFirst = parts[1].Split(',').Contains("memory");
            if (!isFirst && parts[1].Length > 0) continue;
            string controller = isFirst ? Path.Combine(root, "memory") : root;
            foreach (string folder in new[] { Path.Combine(controller, parts[2].TrimStart('/')), controller })
                if (LimitFile(folder) is not null) return folder;
        }

        return null;
    }

    private static string? LimitFile(string folder) =>
        LimitFiles.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private double ReadGroup()
    {
        if (_group is null || LimitFile(_group) is not { } limitFile) return 0;
        try
        {
            // "max" in version 2; version 1 has a number beyond every machine's memory.
            if (!long.TryParse(File.ReadAllText(limitFile).AsSpan().Trim(), out long limit) || limit <= 0 || limit >= 1L << 52) return 0;
            bool isSecond = limitFile.EndsWith("memory.max", StringComparison.Ordinal);
            string usedFile = Path.Combine(_group, isSecond ? "memory.current" : "memory.usage_in_bytes");
            long used = long.Parse(File.ReadAllText(usedFile), CultureInfo.InvariantCulture);
            return (double)(used - ReadStatistic(isSecond ? "inactive_file " : "total_inactive_file ")) / limit;
        }
        catch (IOException)
        {
            return 0; // the group is being moved; the next look tells
        }
    }

    private long ReadStatistic(string name)
    {
        foreach (string line in File.ReadLines(Path.Combine(_group!, "memory.stat")))
        {
            if (line.StartsWith(name, StringComparison.Ordinal)) return long.Parse(line.AsSpan(name.Length), CultureInfo.InvariantCulture);
        }

        return 0;
    }
}

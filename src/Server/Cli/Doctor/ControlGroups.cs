using System.Globalization;

namespace Chat.Server.Cli.Doctor;

/// <summary>The control groups (<c>cgroups(7)</c>) of processes, as far as they may be read.</summary>
/// <param name="processes">Where the kernel shows processes.</param>
/// <param name="groups">Where it shows control groups.</param>
internal sealed class ControlGroups(string processes = "/proc", string groups = "/sys/fs/cgroup")
{
    private const string Processor = "cpu";

    /// <summary>The text of a small file of the system; null where there is none or it may not be read.</summary>
    public static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What the kernel says of this process's groups; null when it does not.</summary>
    public string? OfThisProcess() => TryRead(Path.Combine(processes, "self", "cgroup"));

    /// <summary>The same of all processes with one of these names that can be seen.</summary>
    public IReadOnlyList<string> OfProcesses(params IReadOnlyList<string> names)
    {
        if (!Directory.Exists(processes)) return [];
        return
        [
            .. Directory.EnumerateDirectories(processes)
                .Where(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .Where(path => TryRead(Path.Combine(path, "comm")) is { } name && names.Contains(name.TrimEnd()))
                .Select(path => TryRead(Path.Combine(path, "cgroup"))).OfType<string>(),
        ];
    }

    /// <summary>Whether these groups of a process are weighed as one by the processor's controller, not session by session.</summary>
    /// <param name="membership">Lines of number, controllers and path with colons between; the one without controllers is of version 2.</param>
    public bool AreWeighed(string membership)
    {
        string[][] lines = [.. membership.Split('\n').Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3)];
        if (lines.FirstOrDefault(parts => parts[1].Split(',').Contains(Processor)) is { } first) return first[2] != "/"; // version 1
        return lines.FirstOrDefault(parts => parts[1].Length == 0) is { } second && IsControlled(second[2]);
    }

    /// <summary>In version 2 a group whose parents have no controller for it is none to that controller.</summary>
    private bool IsControlled(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Contains("..")) return false; // outside of what this process may see
        // In a container the first one that is seen is not the first one there is, and has a type.
        bool isFirst = !File.Exists(Path.Combine(groups, "cgroup.type"));
        return (!isFirst && HasController(groups)) || (parts.Length > 0 && HasController(Path.Combine(groups, parts[0])));
    }

    private static bool HasController(string folder) =>
        TryRead(Path.Combine(folder, "cgroup.controllers")) is { } controllers && controllers.Split(' ', '\n').Contains(Processor);
}

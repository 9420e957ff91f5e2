using System.Globalization;

namespace Chat.Load.Report;

/// <summary>Processor time and memory of a process, as Linux tells them; of a group, those of its children too.</summary>
internal readonly record struct ProcessUsage(double CpuSeconds, double ResidentKilobytes)
{
    private const double ClockTicksPerSecond = 100;
    private const int UserTicks = 11; // utime, stime, cutime and cstime are fields 14 to 17; these count from behind the name
    private const int ReapedUserTicks = 13;

    /// <summary>Null without a process id, elsewhere than on Linux, and for a process that is not there.</summary>
    public static ProcessUsage? Read(int? processId)
    {
        if (processId is not { } id || !OperatingSystem.IsLinux()) return null;

        try
        {
            return new ProcessUsage(Ticks(id, UserTicks) / ClockTicksPerSecond, ReadResident(id));
        }
        catch (IOException)
        {
            return null; // it has ended
        }
    }

    /// <summary>The sum over several processes; null when there is none, or one of them is not there.</summary>
    public static ProcessUsage? Read(IReadOnlyList<int> processIds)
    {
        if (processIds.Count == 0) return null;

        ProcessUsage sum = default;
        foreach (int id in processIds)
        {
            if (Read(id) is not { } usage) return null;
            sum = new ProcessUsage(sum.CpuSeconds + usage.CpuSeconds, sum.ResidentKilobytes + usage.ResidentKilobytes);
        }

        return sum;
    }

    /// <summary>
    /// The processor time of a process and its children, those that have ended included (PostgreSQL has a process a connection). Memory is
    /// left out: what they share would count many times.
    /// </summary>
    public static ProcessUsage? ReadGroup(int? processId)
    {
        if (processId is not { } id || !OperatingSystem.IsLinux()) return null;

        try
        {
            double ticks = Ticks(id, UserTicks) + Ticks(id, ReapedUserTicks);
            string children = File.ReadAllText($"/proc/{id}/task/{id}/children");
            foreach (string child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                ticks += Read(int.Parse(child, CultureInfo.InvariantCulture)) is { } usage ? usage.CpuSeconds * ClockTicksPerSecond : 0;
            return new ProcessUsage(ticks / ClockTicksPerSecond, 0);
        }
        catch (IOException)
        {
            return null;
        }
    }

    // The name may hold spaces and parentheses; the fields are counted behind its last one.
    private static double Ticks(int id, int field)
    {
        string stat = File.ReadAllText($"/proc/{id}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return double.Parse(fields[field], CultureInfo.InvariantCulture) + double.Parse(fields[field + 1], CultureInfo.InvariantCulture);
    }

    private static double ReadResident(int id)
    {
        string? line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}

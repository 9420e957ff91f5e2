using Chat.Server.Hosting;

namespace Chat.Server.Cli.Doctor;

/// <summary>What the doctor finds about the machine that the server is to run on.</summary>
internal static class MachineChecks
{
    private const long LowDiskBytes = 10L << 30; // the alert level of R-532

    public static List<Finding> Run(Settings settings, bool isDevelopment)
    {
        List<Finding> findings = [Disk(settings), OpenFiles(), Port(settings.Server), Page(settings.Server)];
        if (!isDevelopment && SchedulerCheck.Run(settings.Database.ConnectionString) is { } scheduler) findings.Add(scheduler);
        return findings;
    }

    private static Finding Disk(Settings settings)
    {
        string folder = Path.GetFullPath(settings.Server.DataDirectory);
        string? existing = folder;
        while (existing is not null && !Directory.Exists(existing)) existing = Path.GetDirectoryName(existing);
        long free = new DriveInfo(existing ?? "/").AvailableFreeSpace;
        string found = $"{free / (1 << 30)} GiB free at {folder}";
        return free >= LowDiskBytes
            ? new("disk", Verdict.Good, found)
            : new("disk", Verdict.Warning, found, "Messages are kept for good: give the data directory at least 10 GiB.");
    }

    private static Finding OpenFiles()
    {
        const string Limits = "/proc/self/limits";
        string? line = File.Exists(Limits) ? File.ReadLines(Limits).FirstOrDefault(text => text.StartsWith("Max open files", StringComparison.Ordinal)) : null;
        string[] parts = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (parts.Length < 4 || !long.TryParse(parts[3], out long limit)) return new("open files", Verdict.Good, "no limit found on this system");
        return limit >= 10_000
            ? new("open files", Verdict.Good, $"{limit} for this process")
            : new("open files", Verdict.Warning, $"{limit} for this process", "Each connection is one: raise it (ulimit -n 65536, or LimitNOFILE= in the unit).");
    }

    private static Finding Port(ServerOptions options)
    {
        if (PortProbe.FindFault(options) is not { } fault) return new("port", Verdict.Good, $"{options.Port} is free");
        if (InstanceFile.FindRunning(options.DataDirectory) is { } server && new Uri(server.Url).Port == options.Port)
            return new("port", Verdict.Good, $"{options.Port} is taken by the server of this data directory, process {server.ProcessId}");
        return new(
            "port", Verdict.Warning, $"{options.Port} cannot be taken ({fault})",
            "It is not the server of this data directory that has it: stop what does, or give another with --port.");
    }

    private static Finding Page(ServerOptions options) => WebPages.FindRoot(options) is { } root
        ? new("chat page", Verdict.Good, root)
        : new("chat page", Verdict.Warning, "not built", "Run ./chat build, or set Server:WebRoot.");
}

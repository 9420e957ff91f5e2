using System.Globalization;

namespace Chat.Load.Report;

/// <summary>Processor time and memory of the server under load, as Linux tells them. Empty elsewhere, and for a process that is not there.</summary>
internal readonly record struct ProcessUsage(double CpuSeconds, double ResidentMegabytes)
{
    private const double ClockTicksPerSecond = 100;

    public static ProcessUsage? Read(int? processId)
    {
        if (processId is not { } id || !OperatingSystem.IsLinux()) return null;

        try
        {
            // The name may hold spaces and parentheses; the fields are counted behind its last one. utime is field 14, stime 15.
            string stat = File.ReadAllText($"/proc/{id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            double ticks = double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
            string line = File.ReadLines($"/proc/{id}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
            double kilobytes = double.Parse(line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            return new ProcessUsage(ticks / ClockTicksPerSecond, kilobytes / 1_024);
        }
        catch (IOException)
        {
            return null;
        }
    }
}

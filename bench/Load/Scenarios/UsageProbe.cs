using Chat.Load.Report;
using Chat.Load.Traffic;

namespace Chat.Load.Scenarios;

/// <summary>What server, PostgreSQL and generator used in the measured time.</summary>
internal sealed class UsageProbe(MeasuredSystem system) : IUsageProbe
{
    private ProcessUsage? _server;
    private ProcessUsage? _postgres;
    private TimeSpan _own;
    private double? _gcPause;

    public double? ServerSeconds { get; private set; }

    public double? PostgresSeconds { get; private set; }

    public double OwnSeconds { get; private set; }

    /// <summary>For how long the server's garbage collector stopped it.</summary>
    public double? GcPauseMilliseconds { get; private set; }

    /// <summary>At the end.</summary>
    public double? ServerKilobytes { get; private set; }

    public void Begin()
    {
        _gcPause = system.TellsGcPauses ? ReadGcPauses() : null;
        _server = ProcessUsage.Read(system.ProcessIds);
        _postgres = ProcessUsage.ReadGroup(system.PostgresProcessId);
        _own = Environment.CpuUsage.TotalTime;
    }

    public void End()
    {
        OwnSeconds = (Environment.CpuUsage.TotalTime - _own).TotalSeconds;
        ProcessUsage? server = ProcessUsage.Read(system.ProcessIds);
        ServerSeconds = server?.CpuSeconds - _server?.CpuSeconds;
        ServerKilobytes = server?.ResidentKilobytes;
        GcPauseMilliseconds = system.TellsGcPauses ? ReadGcPauses() - _gcPause : null;
        PostgresSeconds = ProcessUsage.ReadGroup(system.PostgresProcessId)?.CpuSeconds - _postgres?.CpuSeconds;
    }

    private double? ReadGcPauses() => system.Servers.Sum(server => GcPauses.ReadMilliseconds(server));
}

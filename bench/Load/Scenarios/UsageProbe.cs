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
        _gcPause = system.TellsGcPauses ? GcPauses.ReadMilliseconds(system.Server) : null;
        _server = ProcessUsage.Read(system.ProcessId);
        _postgres = ProcessUsage.ReadGroup(system.PostgresProcessId);
        _own = Environment.CpuUsage.TotalTime;
    }

    public void End()
    {
        OwnSeconds = (Environment.CpuUsage.TotalTime - _own).TotalSeconds;
        ProcessUsage? server = ProcessUsage.Read(system.ProcessId);
        ServerSeconds = server?.CpuSeconds - _server?.CpuSeconds;
        ServerKilobytes = server?.ResidentKilobytes;
        GcPauseMilliseconds = system.TellsGcPauses ? GcPauses.ReadMilliseconds(system.Server) - _gcPause : null;
        PostgresSeconds = ProcessUsage.ReadGroup(system.PostgresProcessId)?.CpuSeconds - _postgres?.CpuSeconds;
    }
}

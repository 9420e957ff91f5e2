using Chat.Load.Report;
using Chat.Load.Traffic;

namespace Chat.Load.Scenarios;

/// <summary>What server, PostgreSQL and generator used in the measured time.</summary>
internal sealed class UsageProbe(MeasuredSystem system) : IUsageProbe
{
    private ProcessUsage? _server;
    private ProcessUsage? _postgres;
    private TimeSpan _own;
    private Thread? _asking;
    private double? _gcPause;

    public double? ServerSeconds { get; private set; }

    public double? PostgresSeconds { get; private set; }

    public double OwnSeconds { get; private set; }

    /// <summary>For how long the server's garbage collector stopped it.</summary>
    public double? GcPauseMilliseconds { get; private set; }

    /// <summary>At the end.</summary>
    public double? ServerKilobytes { get; private set; }

    /// <summary>Before the load: the first question has the server build its pages, half a second of its processor.</summary>
    public void Prepare()
    {
        if (system.TellsGcPauses) ReadGcPauses();
    }

    public void Begin()
    {
        // Asked beside the engine's thread: what that thread sends late while it waits for an answer counts as the server's latency.
        if (system.TellsGcPauses)
        {
            _asking = new Thread(() => _gcPause = ReadGcPauses());
            _asking.Start();
        }

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
        _asking?.Join();
        GcPauseMilliseconds = system.TellsGcPauses ? ReadGcPauses() - _gcPause : null;
        PostgresSeconds = ProcessUsage.ReadGroup(system.PostgresProcessId)?.CpuSeconds - _postgres?.CpuSeconds;
    }

    private double? ReadGcPauses() => system.Servers.Sum(server => GcPauses.ReadMilliseconds(server));
}

using System.Runtime.InteropServices;

using Chat.Load.Dialects;
using Chat.Load.Engine;
using Chat.Load.Report;
using Chat.Load.Traffic;

namespace Chat.Load.Scenarios;

/// <summary>Messages in chats of one size on one system: opens a connection for each member, offers, measures, judges.</summary>
/// <param name="name">The scenario's name in the result.</param>
internal sealed class TrafficScenario(string name, LoadSimulation simulation, MeasuredSystem system, TextWriter progress)
{
    /// <summary>Blocks until the run is over.</summary>
    /// <param name="speak">Makes the dialect over the run's messages and meter.</param>
    /// <exception cref="IOException">The connections could not be opened.</exception>
    public LoadResult Run(Func<MessageTable, Meter, Dialect> speak, CancellationToken ct)
    {
        var messages = new MessageTable(simulation.PayloadBytes, Environment.TickCount);
        var meter = new Meter();
        Dialect dialect = speak(messages, meter);
        LoadConnection[] connections = [.. Enumerable.Range(0, simulation.Connections).Select(i => new LoadConnection(i)
        {
            Chat = i % simulation.Chats,
            Member = i / simulation.Chats,
            Server = ((i % simulation.Chats) + (i / simulation.Chats)) % system.Servers.Count, // the members of a chat are on different nodes
        })];
        using var loop = new SocketLoop(system.Servers, connections, dialect);
        dialect.Loop = loop;
        var run = new TrafficRun(simulation, dialect, loop, connections, messages, meter, progress);
        var usage = new UsageProbe(system);
        double? kilobytesBefore = ProcessUsage.Read(system.ProcessIds)?.ResidentKilobytes;

        usage.Prepare();
        run.Open(ct);
        double? grown = ProcessUsage.Read(system.ProcessIds)?.ResidentKilobytes - kilobytesBefore;
        progress.WriteLine($"  {simulation.Connections} connections after {run.ConnectSeconds:0.0} s; {dialect.System} {simulation.Shape}, {Describe()}");
        run.Offer(usage, ct);
        LoadResult result = Conclude(dialect, run, meter, usage) with
        {
            RssKilobytesPerConnection = grown is { } kilobytes ? Math.Round(kilobytes / simulation.Connections, 2) : null,
        };
        return result with { Passed = result.Thresholds().All(threshold => threshold.IsKept) };
    }

    private string Describe() => simulation.Kind switch
    {
        SimulationKind.Inject => $"inject {simulation.Rate:0}/s",
        SimulationKind.RampingConstant => $"ramping_constant to {simulation.Window}",
        _ => $"keep_constant {simulation.Window}",
    };

    private LoadResult Conclude(Dialect dialect, TrafficRun run, Meter meter, UsageProbe usage)
    {
        double seconds = Math.Max(run.MeasuredSeconds, 1e-9);
        long deliveries = meter.Deliveries.Count;
        double measuredMessages = dialect.HasAcks ? meter.Acks.Count : deliveries / (double)dialect.DeliveriesPerMessage;
        Faults faults = dialect.Judge(run.Missing);
        return new LoadResult
        {
            Scenario = name,
            System = dialect.System,
            Shape = simulation.Shape,
            Simulation = simulation.Kind switch
            {
                SimulationKind.Inject => "inject",
                SimulationKind.RampingConstant => "ramping_constant",
                _ => "keep_constant",
            },
            Connections = simulation.Connections,
            Groups = simulation.Chats,
            Seconds = Math.Round(run.MeasuredSeconds, 2),
            Window = simulation.Kind == SimulationKind.Inject ? null : simulation.Window,
            Rate = simulation.Kind == SimulationKind.Inject ? simulation.Rate : null,
            PayloadBytes = simulation.PayloadBytes,
            AckedPerSecond = Math.Round(measuredMessages / seconds),
            DeliveriesPerSecond = Math.Round(deliveries / seconds),
            AckP50Ms = dialect.HasAcks ? meter.Acks.Milliseconds(0.5) : null,
            AckP99Ms = dialect.HasAcks ? meter.Acks.Milliseconds(0.99) : null,
            AckP999Ms = dialect.HasAcks ? meter.Acks.Milliseconds(0.999) : null,
            AckMaxMs = dialect.HasAcks ? meter.Acks.Milliseconds(1) : null,
            DeliveryP50Ms = meter.Deliveries.Milliseconds(0.5),
            DeliveryP99Ms = meter.Deliveries.Milliseconds(0.99),
            DeliveryP999Ms = meter.Deliveries.Milliseconds(0.999),
            DeliveryMaxMs = meter.Deliveries.Milliseconds(1),
            Lost = faults.Lost,
            Duplicated = faults.Duplicated,
            OutOfOrder = faults.OutOfOrder,
            Corrupted = faults.Corrupted,
            Unanswered = faults.Unanswered,
            Refused = faults.Refused,
            Busy = faults.Busy,
            Gaps = faults.Gaps,
            Dropped = faults.Dropped,
            Disconnected = dialect.Disconnected,
            EndedEarly = run.EndedEarly,
            ConnectSeconds = Math.Round(run.ConnectSeconds, 2),
            ServerCpuMicrosecondsPerDelivery = Microseconds(usage.ServerSeconds, deliveries),
            ServerCpuMicrosecondsPerMessage = Microseconds(usage.ServerSeconds, measuredMessages),
            PostgresCpuMicrosecondsPerMessage = Microseconds(usage.PostgresSeconds, measuredMessages),
            GcPauseMs = usage.GcPauseMilliseconds is { } pause ? Math.Round(pause, 2) : null,
            ServerMegabytes = usage.ServerKilobytes is { } kilobytes ? Math.Round(kilobytes / 1_024) : null,
            GeneratorCpuSeconds = Math.Round(usage.OwnSeconds, 2),
            GeneratorCpuMicrosecondsPerDelivery = Microseconds(usage.OwnSeconds, deliveries) ?? 0,
            Machine = $"{Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}",
            Runtime = RuntimeInformation.FrameworkDescription,
            Passed = false,
            Timeline = meter.Timeline,
            Distribution = meter.Deliveries.Distribution(),
        };
    }

    private static double? Microseconds(double? seconds, double count) => seconds is { } s && count > 0 ? Math.Round(s * 1e6 / count, 3) : null;
}

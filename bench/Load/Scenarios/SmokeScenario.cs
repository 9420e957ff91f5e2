using System.Diagnostics;
using System.Runtime.InteropServices;

using Chat.Load.Report;
using Chat.Load.Seed;

namespace Chat.Load.Scenarios;

/// <summary>
/// Many small groups in a closed loop (keep_constant): shows that everything is delivered once, in order and unaltered, and what the
/// server does meanwhile.
/// </summary>
internal sealed class SmokeScenario(LoadTarget target, LoadSimulation simulation, TextWriter progress)
{
    private const string Name = "smoke";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    public async Task<LoadResult> RunAsync(CancellationToken ct)
    {
        await progress.WriteLineAsync($"seeding {simulation.Connections} accounts in {simulation.Groups} groups");
        (LoadAccount[] accounts, LoadGroup[] groups) =
            await new Seeder(target, TimeProvider.System).SeedAsync(simulation.Connections, simulation.Groups, ct);

        var run = new LoadRun(simulation, Environment.TickCount);
        using var scenario = new LoadScenario(run, accounts, groups);
        long began = Stopwatch.GetTimestamp();
        await scenario.OpenAsync(await target.EndPointAsync(ct), ct);
        double connectSeconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await progress.WriteLineAsync($"{simulation.Connections} sessions online after {connectSeconds:0.0} s; warming up");

        foreach (GroupLoad group in scenario.Groups) group.Begin();
        await Task.Delay(simulation.WarmUp, TimeProvider.System, ct);

        await progress.WriteLineAsync($"measuring for {simulation.Duration.TotalSeconds:0.#} s");
        ProcessUsage? before = ProcessUsage.Read(target.ProcessId);
        TimeSpan ownBefore = Environment.CpuUsage.TotalTime;
        began = Stopwatch.GetTimestamp();
        run.IsMeasuring = true;
        await Task.Delay(simulation.Duration, TimeProvider.System, ct);
        run.IsMeasuring = false;
        TimeSpan measured = Stopwatch.GetElapsedTime(began);
        TimeSpan own = Environment.CpuUsage.TotalTime - ownBefore;
        ProcessUsage? after = ProcessUsage.Read(target.ProcessId);
        run.IsSending = false;

        await DrainAsync(scenario, ct);
        if (scenario.FirstClose is { } why)
            await progress.WriteLineAsync($"the server ended {scenario.Disconnected} connections, the first one: {why}");
        return Judge(scenario, connectSeconds, measured, own, before, after);
    }

    private async Task DrainAsync(LoadScenario scenario, CancellationToken ct)
    {
        long began = Stopwatch.GetTimestamp();
        while (scenario.Groups.Any(group => group.OnTheWay > 0) && Stopwatch.GetElapsedTime(began) < simulation.Drain)
            await Task.Delay(Poll, TimeProvider.System, ct);
        await progress.WriteLineAsync($"drained after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
    }

    private LoadResult Judge(
        LoadScenario scenario, double connectSeconds, TimeSpan measured, TimeSpan own, ProcessUsage? before, ProcessUsage? after)
    {
        var acks = new LatencyHistogram();
        var deliveries = new LatencyHistogram();
        foreach (GroupLoad group in scenario.Groups)
        {
            acks.Add(group.Acks);
            deliveries.Add(group.Deliveries);
        }

        var result = new LoadResult
        {
            Scenario = Name,
            Connections = simulation.Connections,
            Groups = simulation.Groups,
            Seconds = Math.Round(measured.TotalSeconds, 2),
            WindowPerGroup = simulation.WindowPerGroup,
            PayloadBytes = simulation.PayloadBytes,
            AckedPerSecond = Math.Round(acks.Count / measured.TotalSeconds),
            DeliveriesPerSecond = Math.Round(deliveries.Count / measured.TotalSeconds),
            AckP50Ms = acks.Milliseconds(0.5),
            AckP99Ms = acks.Milliseconds(0.99),
            DeliveryP50Ms = deliveries.Milliseconds(0.5),
            DeliveryP99Ms = deliveries.Milliseconds(0.99),
            DeliveryMaxMs = deliveries.Milliseconds(1),
            Lost = scenario.Groups.Sum(group => group.Ledger.CountLost()),
            Duplicated = scenario.Groups.Sum(group => group.Ledger.Duplicated),
            OutOfOrder = scenario.Groups.Sum(group => group.Ledger.OutOfOrder),
            Corrupted = scenario.Groups.Sum(group => group.Ledger.Corrupted) + scenario.Malformed,
            Unanswered = scenario.Groups.Sum(group => (long)group.OnTheWay),
            Refused = scenario.Groups.Sum(group => group.Refused),
            Busy = scenario.Groups.Sum(group => group.Busy),
            Gaps = scenario.Gaps,
            Disconnected = scenario.Disconnected,
            ConnectSeconds = Math.Round(connectSeconds, 2),
            ServerCpuMicrosecondsPerDelivery = before is { } b && after is { } a && deliveries.Count > 0
                ? Math.Round((a.CpuSeconds - b.CpuSeconds) * 1e6 / deliveries.Count, 2)
                : null,
            ServerMegabytes = after is { } usage ? Math.Round(usage.ResidentMegabytes) : null,
            GeneratorCpuSeconds = Math.Round(own.TotalSeconds, 2),
            Machine = $"{Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}",
            Runtime = RuntimeInformation.FrameworkDescription,
            Passed = false,
        };
        return result with { Passed = Thresholds(result).All(threshold => threshold.IsKept) };
    }

    /// <summary>What makes this run a failure.</summary>
    public static IEnumerable<Threshold> Thresholds(LoadResult result) =>
    [
        new("lost", result.Lost, 0),
        new("duplicated", result.Duplicated, 0),
        new("out_of_order", result.OutOfOrder, 0),
        new("corrupted", result.Corrupted, 0),
        new("refused", result.Refused, 0),
        new("unanswered", result.Unanswered, 0),
        new("disconnected", result.Disconnected, 0),
        new("messages without an ack (1 if none was acked)", result.AckedPerSecond > 0 ? 0 : 1, 0),
    ];
}

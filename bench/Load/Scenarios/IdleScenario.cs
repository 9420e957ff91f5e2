using Chat.Load.Dialects;
using Chat.Load.Engine;
using Chat.Load.Report;
using Chat.Load.Seed;

namespace Chat.Load.Scenarios;

/// <summary>Many signed-in sessions that say nothing but the answers to pings: what memory and processor time they take.</summary>
internal sealed class IdleScenario(LoadTarget target, SessionPlan plan, TimeSpan duration, TextWriter progress)
{
    private const int Opening = 256;
    private static readonly long Settle = 3 * Clock.Second;

    public async Task<IdleResult> RunAsync(CancellationToken ct)
    {
        await progress.WriteLineAsync($"seeding {plan.Connections} accounts in {plan.ChatsEach} chats each");
        SeededChats seeded = await plan.SeedAsync(target, ct);
        var sessions = new ChatSessions(seeded);
        LoadConnection[] connections = [.. Enumerable.Range(0, plan.Connections).Select(i => new LoadConnection(i))];
        using var loop = new SocketLoop(await target.EndPointsAsync(ct), connections, sessions);
        sessions.Loop = loop;
        return Measure(loop, sessions, connections, ct);
    }

    private IdleResult Measure(SocketLoop loop, ChatSessions sessions, LoadConnection[] connections, CancellationToken ct)
    {
        double? before = ProcessUsage.Read(target.ProcessId)?.ResidentKilobytes;
        double connectSeconds = new Arrival(loop, sessions, connections, Opening, progress).Run(ct);
        progress.WriteLine($"  {sessions.Ready} sessions after {connectSeconds:0.0} s; silent for {duration.TotalSeconds:0} s");
        Wait(loop, Settle, ct);

        ProcessUsage? after = ProcessUsage.Read(target.ProcessId);
        ProcessUsage? postgres = ProcessUsage.ReadGroup(target.PostgresProcessId);
        long pongs = loop.Pongs;
        long began = Clock.Now;
        Wait(loop, Clock.Nanoseconds(duration), ct);
        double seconds = Clock.Seconds(Clock.Now - began);
        ProcessUsage? end = ProcessUsage.Read(target.ProcessId);
        return new IdleResult
        {
            Connections = plan.Connections,
            ChatsEach = plan.ChatsEach,
            ConnectSeconds = Math.Round(connectSeconds, 2),
            HelloP50Ms = sessions.Hellos.Milliseconds(0.5),
            HelloP99Ms = sessions.Hellos.Milliseconds(0.99),
            HelloMaxMs = sessions.Hellos.Milliseconds(1),
            RssBeforeMb = Megabytes(before),
            RssAfterMb = Megabytes(after?.ResidentKilobytes),
            RssEndMb = Megabytes(end?.ResidentKilobytes),
            RssKbPerConnection = PerConnection(after?.ResidentKilobytes - before),
            RssKbPerConnectionAtEnd = PerConnection(end?.ResidentKilobytes - before),
            ServerCpuPercent = Percent(end?.CpuSeconds - after?.CpuSeconds, seconds),
            PostgresCpuPercent = Percent(ProcessUsage.ReadGroup(target.PostgresProcessId)?.CpuSeconds - postgres?.CpuSeconds, seconds),
            Pongs = loop.Pongs - pongs,
            Seconds = Math.Round(seconds, 2),
            Disconnected = sessions.Disconnected + plan.Connections - sessions.Ready,
            FirstClose = sessions.FirstClose,
        };
    }

    private static void Wait(SocketLoop loop, long nanoseconds, CancellationToken ct)
    {
        for (long until = Clock.Now + nanoseconds; Clock.Now < until;)
        {
            ct.ThrowIfCancellationRequested();
            loop.Poll(Clock.Second / 20);
        }
    }

    private double? PerConnection(double? kilobytes) => kilobytes is { } value ? Math.Round(value / plan.Connections, 2) : null;

    private static double? Megabytes(double? kilobytes) => kilobytes is { } value ? Math.Round(value / 1_024, 1) : null;

    private static double? Percent(double? cpuSeconds, double seconds) => cpuSeconds is { } value ? Math.Round(value / seconds * 100, 2) : null;
}

using Chat.Load.Dialects;
using Chat.Load.Engine;
using Chat.Load.Processes;
using Chat.Load.Report;
using Chat.Load.Seed;

namespace Chat.Load.Scenarios;

/// <summary>
/// A node is killed under its sessions and started again, and all of them come back at once with their tokens and positions: how long
/// until the last one is welcomed, and does each hear what is new?
/// </summary>
internal sealed class StormScenario(ChatServer server, SessionPlan plan, int opening, TextWriter progress)
{
    public async Task<StormResult> RunAsync(CancellationToken ct)
    {
        await progress.WriteLineAsync($"seeding {plan.Connections} accounts in {plan.ChatsEach} chats each");
        SeededChats seeded = await plan.SeedAsync(server.Target, ct);
        var sessions = new ChatSessions(seeded);
        LoadConnection[] connections = [.. Enumerable.Range(0, plan.Connections).Select(i => new LoadConnection(i))];
        using var loop = new SocketLoop(await server.Target.EndPointsAsync(ct), connections, sessions);
        sessions.Loop = loop;
        double seconds = new Arrival(loop, sessions, connections, opening, progress).Run(ct);
        if (sessions.Ready < plan.Connections)
            throw new IOException($"Only {sessions.Ready} of {plan.Connections} sessions were welcomed before the storm; {sessions.FirstClose}.");

        await progress.WriteLineAsync($"  {plan.Connections} sessions after {seconds:0.0} s; killing the server");
        long killed = Clock.Now;
        await server.KillAsync();
        foreach (LoadConnection connection in connections) loop.Close(connection);
        await server.StartAgainAsync(ct);
        double restart = Clock.Seconds(Clock.Now - killed);
        await progress.WriteLineAsync($"  it listens again after {restart:0.0} s; all come back");
        sessions.Forget();
        return Measure(loop, sessions, connections, restart, ct);
    }

    private StormResult Measure(SocketLoop loop, ChatSessions sessions, LoadConnection[] connections, double restart, CancellationToken ct)
    {
        LoadTarget target = server.Target;
        ProcessUsage? before = ProcessUsage.Read(target.ProcessId);
        ProcessUsage? postgres = ProcessUsage.ReadGroup(target.PostgresProcessId);
        var arrival = new Arrival(loop, sessions, connections, opening, progress);
        double seconds = arrival.Run(ct);
        return new StormResult
        {
            Connections = plan.Connections,
            ChatsEach = plan.ChatsEach,
            Opening = opening,
            RestartSeconds = Math.Round(restart, 2),
            AllWelcomedSeconds = Math.Round(seconds, 2),
            WelcomedPerS = Math.Round(sessions.Ready / seconds),
            HelloP50Ms = sessions.Hellos.Milliseconds(0.5),
            HelloP99Ms = sessions.Hellos.Milliseconds(0.99),
            HelloMaxMs = sessions.Hellos.Milliseconds(1),
            ArrivalP50Ms = sessions.Arrivals.Milliseconds(0.5),
            ArrivalP99Ms = sessions.Arrivals.Milliseconds(0.99),
            ArrivalMaxMs = sessions.Arrivals.Milliseconds(1),
            ServerCpuUsPerConnection = PerConnection(ProcessUsage.Read(target.ProcessId)?.CpuSeconds - before?.CpuSeconds),
            PostgresCpuUsPerConnection = PerConnection(ProcessUsage.ReadGroup(target.PostgresProcessId)?.CpuSeconds - postgres?.CpuSeconds),
            Repeated = arrival.Repeated,
            WrongResumes = sessions.WrongResumes,
            Missing = plan.Connections - sessions.Ready,
            FirstClose = sessions.FirstClose,
        };
    }

    private double? PerConnection(double? seconds) => seconds is { } value ? Math.Round(value * 1e6 / plan.Connections, 1) : null;
}

using System.CommandLine;
using System.Text.Json;

using Chat.Load.Engine;
using Chat.Load.Processes;
using Chat.Load.Report;
using Chat.Load.Scenarios;

namespace Chat.Load.Commands;

/// <summary><c>idle</c> and <c>storm</c>: sessions that only are there.</summary>
internal static class SessionCommands
{
    private const int DefaultConnections = 18_000;

    public static Command CreateIdle()
    {
        Option<double> seconds = new("--seconds") { DefaultValueFactory = _ => 30, Description = "Measured time; the server pings what was silent for 25 s." };
        (Command command, Option<int> connections, Option<int> chatsEach) = Create("idle", "Many silent sessions: memory a connection, processor time with pings on.");
        command.Options.Add(seconds);
        TargetOptions target = TargetOptions.AddTo(command);
        ReportOptions report = ReportOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var plan = new SessionPlan(parsed.GetValue(connections), parsed.GetValue(chatsEach));
            List<string> faults = [.. target.Validate(parsed), .. Validate(plan)];
            TimeSpan duration = SimulationOptions.Seconds(parsed.GetValue(seconds));
            if (duration <= TimeSpan.Zero || duration > TimeSpan.FromHours(1))
                faults.Add($"--seconds is {parsed.GetValue(seconds)}: give more than 0, at most 3600.");
            if (faults.Count > 0) return await Outcome.RefuseAsync(faults);

            TextWriter progress = report.Progress(parsed);
            IdleResult result = await target.UseAsync(parsed, progress, found => new IdleScenario(found, plan, duration, progress).RunAsync(ct), ct);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, SessionJson.Default.IdleResult));
            if (!result.Passed) await Console.Error.WriteLineAsync($"FAILED: {result.Disconnected} sessions ended; {result.FirstClose}");
            return result.Passed ? 0 : Outcome.Failed;
        });
        return command;
    }

    public static Command CreateStorm()
    {
        Option<int> opening = new("--opening") { DefaultValueFactory = _ => 500, Description = "Connections on their way at once; a server's accept queue holds about as many." };
        Option<string[]> set = new("--set") { Description = "A setting for the server, e.g. --set Server:SocketLoops=2. May be given many times." };
        (Command command, Option<int> connections, Option<int> chatsEach) =
            Create("storm", "Kills a server under its sessions, starts it again, and lets all of them come back at once.");
        command.Options.Add(opening);
        command.Options.Add(set);
        ReportOptions report = ReportOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var plan = new SessionPlan(parsed.GetValue(connections), parsed.GetValue(chatsEach));
            List<string> faults = [.. Validate(plan)];
            if (parsed.GetValue(opening) is < 1 or > 100_000) faults.Add($"--opening is {parsed.GetValue(opening)}: give 1 to 100000.");
            if (faults.Count > 0) return await Outcome.RefuseAsync(faults);

            TextWriter progress = report.Progress(parsed);
            await progress.WriteLineAsync("starting a server and its database");
            await using ChatServer server = await ChatServer.StartAsync(parsed.GetValue(set) ?? [], ct);
            StormResult result = await new StormScenario(server, plan, parsed.GetValue(opening), progress).RunAsync(ct);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, SessionJson.Default.StormResult));
            if (!result.Passed) await Console.Error.WriteLineAsync($"FAILED: {result.Missing} without a welcome, {result.WrongResumes} wrong resumes; {result.FirstClose}");
            return result.Passed ? 0 : Outcome.Failed;
        });
        return command;
    }

    private static (Command Command, Option<int> Connections, Option<int> ChatsEach) Create(string name, string description)
    {
        Option<int> connections = new("--connections") { DefaultValueFactory = _ => DefaultConnections, Description = "Signed-in sessions." };
        Option<int> chatsEach = new("--chats-each") { DefaultValueFactory = _ => 10, Description = $"Chats of {SessionPlan.Members} that each is a member of." };
        return (new Command(name, description) { connections, chatsEach }, connections, chatsEach);
    }

    private static IEnumerable<string> Validate(SessionPlan plan)
    {
        string[] faults = [.. plan.Validate()];
        return faults.Length > 0 ? faults : FileLimit.RaiseFor(plan.Connections) is { } few ? [few] : [];
    }
}

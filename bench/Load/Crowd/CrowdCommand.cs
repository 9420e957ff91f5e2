using System.CommandLine;
using System.Text.Json;

using Chat.Load.Commands;
using Chat.Load.Engine;

namespace Chat.Load.Crowd;

/// <summary><c>crowd</c>: more sessions than one process may open, over several nodes; and the verb of its workers.</summary>
internal static class CrowdCommand
{
    public const string WorkerVerb = "crowd-worker";

    public static Command Create()
    {
        Option<int> nodes = new("--nodes") { DefaultValueFactory = _ => 6, Description = "Nodes that are filled." };
        Option<int> spare = new("--spare")
        {
            DefaultValueFactory = _ => 1,
            Description = "Nodes that are empty until another is killed; 0: the others take its sessions, if they have room.",
        };
        Option<int> sessions = new("--sessions") { DefaultValueFactory = _ => 18_000, Description = "Signed-in sessions on each node." };
        Option<double> rate = new("--rate")
        {
            DefaultValueFactory = _ => 2_000,
            Description = "Messages a second over all, each to 10 members.",
        };
        Option<double> seconds = new("--seconds")
        {
            DefaultValueFactory = _ => 300,
            Description = "Time under traffic before a node is killed.",
        };
        Option<string[]> set = new("--set")
        {
            Description = "A setting for every node, e.g. --set Server:SocketLoops=1. May be given many times.",
        };
        Command command = new(
            "crowd",
            "A hundred thousand sessions over several nodes with traffic between them; one node is killed; is everybody whole again?")
        {
            nodes, spare, sessions, rate, seconds, set,
        };
        ReportOptions report = ReportOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            CrowdSize size = new(
                parsed.GetValue(nodes), parsed.GetValue(spare), parsed.GetValue(sessions), parsed.GetValue(rate),
                SimulationOptions.Seconds(parsed.GetValue(seconds)));
            List<string> faults = [.. size.Validate()];
            if (faults.Count == 0 && FileLimit.RaiseFor(size.SessionsPerNode) is { } few)
                faults.Add(few.Replace("--connections", "--sessions", StringComparison.Ordinal));
            if (faults.Count > 0) return await Outcome.RefuseAsync(faults);

            CrowdResult result = await new CrowdScenario(size, parsed.GetValue(set) ?? [], report.Progress(parsed)).RunAsync(ct);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, CrowdJson.Default.CrowdResult));
            if (!result.Passed)
                await Console.Error.WriteLineAsync(
                    $"FAILED: {result.Missing} missing, {result.Corrupted} corrupted, {result.Unacked} unacked, {result.NotWhole} "
                        + $"sessions not whole; {result.FirstClose}");
            return result.Passed ? 0 : Outcome.Failed;
        });
        return command;
    }

    public static Command CreateWorker()
    {
        Option<string> plan = new("--plan") { Required = true };
        Command command = new(WorkerVerb, "One process of crowd's generator.") { Hidden = true };
        command.Options.Add(plan);
        command.SetAction(parsed => new CrowdWorker(CrowdPlan.Read(parsed.GetValue(plan)!)).Run(Console.In, Console.Out));
        return command;
    }
}

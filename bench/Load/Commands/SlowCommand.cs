using System.CommandLine;
using System.Globalization;

using Chat.Load.Engine;
using Chat.Load.Report;
using Chat.Load.Scenarios;
using Chat.Load.Traffic;

namespace Chat.Load.Commands;

/// <summary><c>slow</c>: the same chats without and beside members who do not read.</summary>
internal static class SlowCommand
{
    /// <summary>Most that a delivery's p99 may be beside slow readers, as a multiple of the one without them.</summary>
    private const double MaxLatencyRatio = 1.2;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        Option<int> readers = new("--readers") { DefaultValueFactory = _ => 1_000, Description = "Sessions that read nothing, one each of the first members." };
        Option<int> chats = new("--chats") { DefaultValueFactory = _ => 100, Description = "Chats." };
        Option<int> members = new("--members") { DefaultValueFactory = _ => 10, Description = "Members a chat, each with a session that reads." };
        Option<double> rate = new("--rate") { DefaultValueFactory = _ => 500, Description = "Messages a second over all chats." };
        Option<int> payload = new("--payload") { DefaultValueFactory = _ => 2_000, Description = "Bytes of text a message: what fills the sockets of who does not read." };
        Option<double> seconds = new("--seconds") { DefaultValueFactory = _ => 40, Description = "Measured time of each of the three runs; who does not read is ended 10 s after the socket is full." };
        Option<string[]> set = new("--set") { Description = "A setting for the server, e.g. --set Server:SocketLoops=2. May be given many times." };
        Option<bool> check = new("--check") { Description = "End with 1 when the target is missed." };
        Command command = new("slow", "Members who do not read: what do they cost the others of their chats, and the server's memory?")
        {
            readers, chats, members, rate, payload, seconds, set, check,
        };
        ReportOptions report = ReportOptions.AddWithReportTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var simulation = new LoadSimulation
            {
                Kind = SimulationKind.Inject,
                Chats = parsed.GetValue(chats),
                Members = parsed.GetValue(members),
                Rate = parsed.GetValue(rate),
                PayloadBytes = parsed.GetValue(payload),
                WarmUp = WarmUp,
                Duration = SimulationOptions.Seconds(parsed.GetValue(seconds)),
            };
            SlowScenario scenario = new(simulation, parsed.GetValue(readers), parsed.GetValue(set) ?? [], report.Progress(parsed));
            List<string> faults = [.. scenario.Validate()];
            if (faults.Count == 0 && FileLimit.RaiseFor(simulation.Connections + parsed.GetValue(readers)) is { } few) faults.Add(few);
            if (faults.Count > 0) return await Outcome.RefuseAsync(faults);

            SlowComparison found = await scenario.RunAsync(ct);
            await report.WriteAsync(parsed, found.Results, ct);
            return await ConcludeAsync(found, parsed.GetValue(readers), parsed.GetValue(check));
        });
        return command;
    }

    private static async Task<int> ConcludeAsync(SlowComparison found, int readers, bool isChecked)
    {
        int worst = 0;
        foreach (LoadResult result in found.Results) worst = Math.Max(worst, await Outcome.PrintAsync(result));
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"delivery p99 beside slow readers: {found.LatencyRatio:0.00} of the one without (target at most {MaxLatencyRatio}); "
                + $"{found.Ended} of {readers} were ended; the server has {found.GrownMegabytes} MB more"));
        return worst > 0 ? worst : isChecked && found.LatencyRatio > MaxLatencyRatio ? Outcome.Failed : 0;
    }
}

using System.CommandLine;

using Chat.Load.Engine;
using Chat.Load.Report;
using Chat.Load.Scenarios;
using Chat.Load.Traffic;

namespace Chat.Load.Commands;

/// <summary><c>smoke</c>: many small groups in a short closed loop; shows that everything is delivered once, in order and unaltered.</summary>
internal static class SmokeCommand
{
    public static Command Create()
    {
        Option<int> connections = new("--connections") { DefaultValueFactory = _ => 1_000, Description = "Sessions." };
        Option<int> groups = new("--groups") { DefaultValueFactory = _ => 100, Description = "Chats; connections ÷ groups are in each." };
        Option<double> seconds = new("--seconds") { DefaultValueFactory = _ => 5, Description = "Measured time." };
        Option<double> warmUp = new("--warm-up") { DefaultValueFactory = _ => 1, Description = "Seconds under load before." };
        Option<int> window = new("--window") { DefaultValueFactory = _ => 2, Description = "Messages on their way at once for each group." };
        Option<int> payload = new("--payload") { DefaultValueFactory = _ => 98, Description = "Bytes of text a message." };
        Command command = new("smoke", "Small groups in a closed loop: is everything delivered once, in order, and how fast?")
        {
            connections, groups, seconds, warmUp, window, payload,
        };
        TargetOptions target = TargetOptions.AddTo(command);
        ReportOptions report = ReportOptions.AddWithReportTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            List<string> faults = [.. target.Validate(parsed)];
            int chats = parsed.GetValue(groups);
            int all = parsed.GetValue(connections);
            if (chats < 1) faults.Add($"--groups is {chats}: give 1 or more.");
            else if (all < 2 * chats || all % chats != 0) faults.Add($"--connections is {all}: give a multiple of --groups ({chats}), at least twice as many.");
            var wanted = new LoadSimulation
            {
                Chats = Math.Max(1, chats),
                Members = Math.Max(2, all / Math.Max(1, chats)),
                Window = (int)Math.Min(int.MaxValue, Math.Max(1L, chats) * parsed.GetValue(window)),
                PayloadBytes = parsed.GetValue(payload),
                Duration = SimulationOptions.Seconds(parsed.GetValue(seconds)),
                WarmUp = SimulationOptions.Seconds(parsed.GetValue(warmUp)),
            };
            if (faults.Count == 0) faults.AddRange(wanted.Validate());
            if (faults.Count == 0 && FileLimit.RaiseFor(wanted.Connections) is { } few) faults.Add(few);
            if (faults.Count > 0) return await Outcome.RefuseAsync(faults);

            TextWriter progress = report.Progress(parsed);
            LoadResult result = await target.UseAsync(parsed, progress, found => new ChatScenario(found, wanted, progress).RunMessagesAsync("smoke", ct), ct);
            result = result with { WindowPerGroup = parsed.GetValue(window) };
            await report.WriteAsync(parsed, [result], ct);
            return await Outcome.PrintAsync(result);
        });
        return command;
    }
}

using System.CommandLine;

using Chat.Load.Report;
using Chat.Load.Scenarios;
using Chat.Load.Traffic;

namespace Chat.Load.Commands;

/// <summary><c>groups</c>: durable messages in chats of any number and size.</summary>
internal static class GroupsCommand
{
    public static Command Create()
    {
        Command command = new("groups", "Durable messages in chats of one size: is everything delivered once, in order, and how fast?");
        SimulationOptions simulation = SimulationOptions.AddTo(command);
        TargetOptions target = TargetOptions.AddTo(command);
        ReportOptions report = ReportOptions.AddWithReportTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            List<string> faults = [.. target.Validate(parsed)];
            if (simulation.Read(parsed, faults) is not { } wanted) return await Outcome.RefuseAsync(faults);

            TextWriter progress = report.Progress(parsed);
            LoadResult result = await target.UseAsync(parsed, progress, found => new ChatScenario(found, wanted, progress).RunMessagesAsync("groups", ct), ct);
            await report.WriteAsync(parsed, [result], ct);
            return await Outcome.PrintAsync(result);
        });
        return command;
    }
}
